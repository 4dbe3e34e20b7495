#include "cli/host_runtime.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "runtime/intact_blob.h"
#include "runtime/intact_codes.h"

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
  const std::size_t pixels = std::size_t{tensor.height} * tensor.width;
  if (tensor.kind == INTACT_KIND_INT32) {
    for (std::size_t i = 0; i < pixels * tensor.channels; ++i) *to++ = intact_load_i32(tensor.data + 4 * i);
    return;
  }
  const intact_decoder codes = intact_make_decoder(tensor.kind, tensor.storage_bits, 0);
  std::vector<std::int16_t> pixel(tensor.channels);
  for (std::size_t i = 0; i < pixels; ++i) {
    intact_expand(&codes, tensor.data + i * tensor.pixel_bytes, 0, tensor.channels, pixel.data());
    to = std::copy(pixel.begin(), pixel.end(), to);
  }
}

}  // namespace intact
