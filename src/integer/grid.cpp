#include "integer/grid.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/error.h"

namespace intact {
namespace {

[[noreturn]] void bad_grid(const Grid& grid, const std::string& rule) {
  throw Error(std::string(to_string(grid.kind)) + " grid with " + std::to_string(grid.bits) +
              " bits, codes " + std::to_string(grid.qmin) + " .. " + std::to_string(grid.qmax) +
              ", zero point " + std::to_string(grid.z) + ": " + rule);
}

void require(bool holds, const Grid& grid, const char* rule) {
  if (!holds) bad_grid(grid, rule);
}

}  // namespace

std::string_view to_string(GridKind kind) {
  switch (kind) {
    case GridKind::kUnsigned:
      return "unsigned";
    case GridKind::kSigned:
      return "signed";
    case GridKind::kBipolar:
      return "bipolar";
    case GridKind::kInt32:
      return "int32";
  }
  return "unknown";
}

Grid Grid::unsigned_grid(int bits, std::int32_t z) {
  if (bits < 1 || bits > 8) {
    throw Error("an unsigned grid has 1 to 8 bits, not " + std::to_string(bits));
  }
  const Grid grid{GridKind::kUnsigned, bits, 0, (1 << bits) - 1, z};
  check_grid(grid);
  return grid;
}

Grid Grid::signed_grid(int bits) {
  if (bits < 2 || bits > 8) {
    throw Error("a signed grid has 2 to 8 bits, not " + std::to_string(bits));
  }
  return {GridKind::kSigned, bits, -(1 << (bits - 1)), (1 << (bits - 1)) - 1, 0};
}

Grid Grid::weight_grid(int bits) {
  Grid grid = signed_grid(bits);
  if (bits == 8) grid.qmin = -grid.qmax;
  return grid;
}

Grid Grid::bipolar() {
  return {GridKind::kBipolar, 1, -1, 1, 0};
}

Grid Grid::int32() {
  using Limits = std::numeric_limits<std::int32_t>;
  return {GridKind::kInt32, 32, Limits::min(), Limits::max(), 0};
}

int Grid::storage_bits() const {
  if (kind == GridKind::kInt32) return 32;
  if (bits <= 2) return bits;
  return bits <= 4 ? 4 : 8;
}

std::int64_t Grid::vmax() const {
  const std::int64_t zero = z;
  return std::max(std::abs(qmin - zero), std::abs(qmax - zero));
}

void check_grid(const Grid& grid) {
  switch (grid.kind) {
    case GridKind::kUnsigned:
      require(grid.bits >= 1 && grid.bits <= 8, grid, "an unsigned grid has 1 to 8 bits");
      require(grid.qmin >= 0 && grid.qmax <= (1 << grid.bits) - 1, grid,
              "codes must lie within 0 .. 2^bits - 1");
      require(grid.qmin < grid.qmax, grid, "qmin must be below qmax");
      require(grid.z >= grid.qmin && grid.z <= grid.qmax, grid, "the zero point must be a code");
      return;
    case GridKind::kSigned:
      require(grid.bits >= 2 && grid.bits <= 8, grid, "a signed grid has 2 to 8 bits");
      require(grid.qmin >= -(1 << (grid.bits - 1)) && grid.qmax <= (1 << (grid.bits - 1)) - 1, grid,
              "codes must lie within -2^(bits-1) .. 2^(bits-1) - 1");
      require(grid.qmin <= 0 && grid.qmax >= 0, grid, "0 must be a code");
      require(grid.qmin < grid.qmax, grid, "qmin must be below qmax");
      require(grid.z == 0, grid, "the zero point must be 0");
      return;
    case GridKind::kBipolar:
      require(grid == Grid::bipolar(), grid, "a bipolar grid has 1 bit, the codes -1 and 1 and zero point 0");
      return;
    case GridKind::kInt32:
      require(grid == Grid::int32(), grid, "an int32 grid has 32 bits, all 32-bit codes and zero point 0");
      return;
  }
  throw Error("grid of unknown kind " + std::to_string(static_cast<int>(grid.kind)));
}

}  // namespace intact
