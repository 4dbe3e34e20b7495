#include "exporters/blob/tensor_codes.h"

#include <string>

#include "core/error.h"
#include "exporters/blob/bit_packing.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

void require(const TensorInfo& tensor, const char* what, std::size_t is, std::size_t expected) {
  if (is == expected) return;
  throw Error("tensor " + tensor.name + ": " + std::to_string(is) + " " + what + ", expected " +
              std::to_string(expected));
}

}  // namespace

std::vector<std::uint8_t> pack_tensor(const TensorInfo& tensor, std::span<const std::int32_t> values) {
  require(tensor, "values", values.size(), static_cast<std::size_t>(tensor.shape.elements()));
  const std::size_t pixel = pixel_bytes(tensor);
  const auto channels = static_cast<std::size_t>(tensor.shape.c);
  const int width = tensor.grid.storage_bits();
  std::vector<std::uint8_t> bytes(tensor_bytes(tensor), 0);
  for (std::size_t p = 0; p * channels < values.size(); ++p) {
    const std::span<std::uint8_t> to = std::span(bytes).subspan(p * pixel, pixel);
    for (std::size_t c = 0; c < channels; ++c) {
      set_field(to, c, width, to_stored_bits(values[p * channels + c], tensor.grid));
    }
  }
  return bytes;
}

std::vector<std::int32_t> unpack_tensor(const TensorInfo& tensor, std::span<const std::uint8_t> bytes) {
  require(tensor, "bytes", bytes.size(), tensor_bytes(tensor));
  const std::size_t pixel = pixel_bytes(tensor);
  const auto channels = static_cast<std::size_t>(tensor.shape.c);
  const int width = tensor.grid.storage_bits();
  std::vector<std::int32_t> values;
  values.reserve(static_cast<std::size_t>(tensor.shape.elements()));
  for (std::size_t p = 0; p * pixel < bytes.size(); ++p) {
    const std::span<const std::uint8_t> from = bytes.subspan(p * pixel, pixel);
    for (std::size_t c = 0; c < channels; ++c) {
      values.push_back(from_stored_bits(get_field(from, c, width), tensor.grid));
    }
  }
  return values;
}

}  // namespace intact
