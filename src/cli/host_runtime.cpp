#include "cli/host_runtime.h"

#include <algorithm>
#include <string>

#include "core/error.h"

namespace intact {
namespace {

std::span<const std::uint8_t> undamaged(std::span<const std::uint8_t> blob) {
  if (intact_check_crc(blob.data(), blob.size()) == INTACT_E_CRC) {
    throw Error("the blob is damaged: its checksum does not match; export or copy it again");
  }
  return blob;
}

}  // namespace

HostRuntime::HostRuntime(std::span<const std::uint8_t> blob) : model_(undamaged(blob)) {}

void HostRuntime::selftest() {
  intact_mismatch first{};
  const intact_status status = intact_selftest(model_.get(), &first);
  if (status == INTACT_E_MISMATCH) {
    throw Error("self-test: golden vector " + std::to_string(first.vector) + ", node " +
                std::to_string(first.node) + ": the runtime's integers differ from the recorded ones");
  }
  require_ok(status);
}

void HostRuntime::set_input(std::span<const std::uint8_t> input) {
  const intact_tensor tensor = intact_input(model_.get());
  if (input.size() != tensor.bytes) {
    throw Error("input of " + std::to_string(input.size()) + " bytes, the network takes " +
                std::to_string(tensor.bytes));
  }
  std::copy(input.begin(), input.end(), tensor.data);
}

void unpack_values(const intact_tensor& tensor, std::int32_t* to) {
  for (std::uint32_t y = 0; y < tensor.height; ++y) {
    for (std::uint32_t x = 0; x < tensor.width; ++x) {
      for (std::uint32_t c = 0; c < tensor.channels; ++c) *to++ = intact_value(&tensor, y, x, c);
    }
  }
}

}  // namespace intact
