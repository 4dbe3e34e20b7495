// Codes in storage bits, least significant bits first (FORMAT.md sections 4 and 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "integer/grid.h"

namespace intact {

// A code's bits in storage: two's complement, unsigned as it is, bipolar +1 as 1 and -1 as 0.
std::uint32_t to_stored_bits(std::int32_t code, const Grid& grid);
std::int32_t from_stored_bits(std::uint32_t bits, const Grid& grid);

// Field `index` of a vector of fields of `width` bits (1, 2, 4, 8 or 32). set_field expects it to be zero
// before.
void set_field(std::span<std::uint8_t> bytes, std::size_t index, int width, std::uint32_t value);
std::uint32_t get_field(std::span<const std::uint8_t> bytes, std::size_t index, int width);

}  // namespace intact
