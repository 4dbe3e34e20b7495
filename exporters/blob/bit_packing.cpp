#include "exporters/blob/bit_packing.h"

namespace intact {

std::uint32_t to_stored_bits(std::int32_t code, const Grid& grid) {
  if (grid.kind == GridKind::kBipolar) return code > 0 ? 1 : 0;
  const int width = grid.storage_bits();
  const std::uint32_t mask = width == 32 ? 0xFFFFFFFFU : (1U << width) - 1;
  return static_cast<std::uint32_t>(code) & mask;
}

std::int32_t from_stored_bits(std::uint32_t bits, const Grid& grid) {
  const int width = grid.storage_bits();
  switch (grid.kind) {
    case GridKind::kBipolar:
      return bits != 0 ? 1 : -1;
    case GridKind::kUnsigned:
      return static_cast<std::int32_t>(bits);
    case GridKind::kSigned: {
      const std::int32_t half = std::int32_t{1} << (width - 1);
      return static_cast<std::int32_t>(bits ^ static_cast<std::uint32_t>(half)) - half;
    }
    case GridKind::kInt32:
      break;
  }
  return static_cast<std::int32_t>(bits);
}

// A width of at most 8 divides 8, so that no such field crosses a byte.
void set_field(std::span<std::uint8_t> bytes, std::size_t index, int width, std::uint32_t value) {
  if (width == 32) {
    for (std::size_t b = 0; b < 4; ++b)
      bytes[4 * index + b] = static_cast<std::uint8_t>((value >> (8 * b)) & 0xFF);
    return;
  }
  const std::size_t bit = index * static_cast<std::size_t>(width);
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | (value << (bit % 8)));
}

std::uint32_t get_field(std::span<const std::uint8_t> bytes, std::size_t index, int width) {
  if (width == 32) {
    std::uint32_t value = 0;
    for (std::size_t b = 0; b < 4; ++b) value |= static_cast<std::uint32_t>(bytes[4 * index + b]) << (8 * b);
    return value;
  }
  const std::size_t bit = index * static_cast<std::size_t>(width);
  return (static_cast<std::uint32_t>(bytes[bit / 8]) >> (bit % 8)) & ((1U << width) - 1);
}

}  // namespace intact
