#include "cli/host_runtime.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "core/error.h"

namespace intact {
namespace {

void require(intact_status status, const char* what) {
  if (status != INTACT_OK) throw Error(std::string(what) + ": " + intact_status_name(status));
}

}  // namespace

HostRuntime::HostRuntime(std::span<const std::uint8_t> blob) : blob_((blob.size() + sizeof(Block) - 1) / sizeof(Block)) {
  if (!blob.empty()) std::memcpy(blob_.data(), blob.data(), blob.size());
  std::size_t arena = 0;
  require(intact_required_arena(blob_.data(), blob.size(), &arena), "the blob's header is refused");
  require(intact_check_crc(blob_.data(), blob.size()), "the blob is damaged");
  arena_.resize((arena + sizeof(Block) - 1) / sizeof(Block));
  require(intact_init(&model_, blob_.data(), blob.size(), arena_.data(), arena_.size() * sizeof(Block), INTACT_NO_WORK_LIMIT),
          "the blob is refused");
}

void HostRuntime::selftest() {
  intact_mismatch first{};
  const intact_status status = intact_selftest(&model_, &first);
  if (status == INTACT_E_MISMATCH) {
    throw Error("self-test: golden vector " + std::to_string(first.vector) + ", node " + std::to_string(first.node) +
                ": the runtime's integers differ from the recorded ones");
  }
  require(status, "self-test");
}

void HostRuntime::set_input(std::span<const std::uint8_t> input) {
  const intact_tensor tensor = intact_input(&model_);
  if (input.size() != tensor.bytes) {
    throw Error("input of " + std::to_string(input.size()) + " bytes, the network takes " + std::to_string(tensor.bytes));
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
