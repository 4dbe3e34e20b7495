// The integer grids that tensors and weights live on (docs/ARITHMETIC.md, section 1).
#pragma once

#include <cstdint>
#include <string_view>

namespace intact {

enum class GridKind : std::uint8_t { kUnsigned = 0, kSigned = 1, kBipolar = 2, kInt32 = 3 };

std::string_view to_string(GridKind kind);

// Codes q with qmin <= q <= qmax; a code stands for s (q - z). Bipolar grids hold only -1 and +1.
struct Grid {
  GridKind kind = GridKind::kUnsigned;
  int bits = 8;
  std::int32_t qmin = 0;
  std::int32_t qmax = 255;
  std::int32_t z = 0;

  // The full grids of ARITHMETIC section 1; `bits` is 1..8 for unsigned, 2..8 for signed. Throws Error
  // otherwise.
  static Grid unsigned_grid(int bits, std::int32_t z = 0);
  static Grid signed_grid(int bits);  // activations: full range at every width
  static Grid weight_grid(int bits);  // signed; narrow (-127..127) at 8 bits, full below
  static Grid bipolar();
  static Grid int32();

  // Smallest of 1, 2, 4, 8 that is not below bits; 32 for int32.
  int storage_bits() const;
  // max |q - z| over the grid's codes.
  std::int64_t vmax() const;

  bool operator==(const Grid&) const = default;
};

// Throws Error naming the rule of ARITHMETIC section 1 that the grid breaks.
void check_grid(const Grid& grid);

}  // namespace intact
