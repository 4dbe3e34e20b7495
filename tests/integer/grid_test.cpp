#include "integer/grid.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "integer/int_state.h"

namespace intact {
namespace {

TEST(Grid, Ranges) {
  EXPECT_EQ(Grid::unsigned_grid(1), (Grid{GridKind::kUnsigned, 1, 0, 1, 0}));
  EXPECT_EQ(Grid::unsigned_grid(8, 200), (Grid{GridKind::kUnsigned, 8, 0, 255, 200}));
  EXPECT_EQ(Grid::signed_grid(2), (Grid{GridKind::kSigned, 2, -2, 1, 0}));
  EXPECT_EQ(Grid::signed_grid(8), (Grid{GridKind::kSigned, 8, -128, 127, 0}));
  EXPECT_EQ(Grid::weight_grid(8), (Grid{GridKind::kSigned, 8, -127, 127, 0}));
  EXPECT_EQ(Grid::weight_grid(7), (Grid{GridKind::kSigned, 7, -64, 63, 0}));
  EXPECT_EQ(Grid::bipolar(), (Grid{GridKind::kBipolar, 1, -1, 1, 0}));
  EXPECT_EQ(Grid::int32(), (Grid{GridKind::kInt32, 32, INT32_MIN, INT32_MAX, 0}));
}

TEST(Grid, RefusesWidthsAndZeroPointsOutsideTheSpecification) {
  EXPECT_THROW(Grid::unsigned_grid(0), Error);
  EXPECT_THROW(Grid::unsigned_grid(9), Error);
  EXPECT_THROW(Grid::unsigned_grid(4, 16), Error);
  EXPECT_THROW(Grid::unsigned_grid(4, -1), Error);
  EXPECT_THROW(Grid::signed_grid(1), Error);
  EXPECT_THROW(Grid::signed_grid(9), Error);
  EXPECT_THROW(Grid::weight_grid(1), Error);
}

TEST(Grid, StorageBits) {
  const int expected[] = {1, 2, 4, 4, 8, 8, 8, 8};
  for (int bits = 1; bits <= 8; ++bits)
    EXPECT_EQ(Grid::unsigned_grid(bits).storage_bits(), expected[bits - 1]);
  EXPECT_EQ(Grid::bipolar().storage_bits(), 1);
  EXPECT_EQ(Grid::int32().storage_bits(), 32);
}

TEST(Grid, LargestCentredValue) {
  EXPECT_EQ(Grid::unsigned_grid(8).vmax(), 255);
  EXPECT_EQ(Grid::unsigned_grid(8, 128).vmax(), 128);
  EXPECT_EQ(Grid::unsigned_grid(8, 100).vmax(), 155);
  EXPECT_EQ(Grid::signed_grid(8).vmax(), 128);
  EXPECT_EQ(Grid::weight_grid(8).vmax(), 127);
  EXPECT_EQ(Grid::bipolar().vmax(), 1);
  EXPECT_EQ(Grid::int32().vmax(), std::int64_t{1} << 31);
}

TEST(Grid, CheckNamesTheRule) {
  const auto refusal = [](const Grid& grid) -> std::string {
    try {
      check_grid(grid);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const auto expect = [&](const Grid& grid, const std::string& rule) {
    EXPECT_NE(refusal(grid).find(rule), std::string::npos) << refusal(grid);
  };
  expect({GridKind::kUnsigned, 9, 0, 255, 0}, "1 to 8 bits");
  expect({GridKind::kUnsigned, 4, -1, 15, 0}, "within 0 .. 2^bits - 1");
  expect({GridKind::kUnsigned, 4, 0, 16, 0}, "within 0 .. 2^bits - 1");
  expect({GridKind::kUnsigned, 4, 5, 5, 5}, "qmin must be below qmax");
  expect({GridKind::kUnsigned, 4, 3, 9, 2}, "zero point must be a code");
  expect({GridKind::kUnsigned, 4, 3, 9, 10}, "zero point must be a code");
  expect({GridKind::kSigned, 1, -1, 0, 0}, "2 to 8 bits");
  expect({GridKind::kSigned, 4, -9, 7, 0}, "within -2^(bits-1)");
  expect({GridKind::kSigned, 4, -8, 8, 0}, "within -2^(bits-1)");
  expect({GridKind::kSigned, 4, 1, 7, 0}, "0 must be a code");
  expect({GridKind::kSigned, 4, 0, 0, 0}, "qmin must be below qmax");
  expect({GridKind::kSigned, 4, -8, 7, 1}, "zero point must be 0");
  expect({GridKind::kBipolar, 1, 0, 1, 0}, "bipolar grid has 1 bit");
  expect({GridKind::kBipolar, 2, -1, 1, 0}, "bipolar grid has 1 bit");
  expect({GridKind::kInt32, 32, 0, 1, 0}, "int32 grid has 32 bits");
  expect({static_cast<GridKind>(9), 8, 0, 1, 0}, "unknown kind 9");
  EXPECT_NO_THROW(check_grid({GridKind::kUnsigned, 4, 3, 9, 9}));
  EXPECT_NO_THROW(check_grid({GridKind::kSigned, 4, -3, 0, 0}));
}

TEST(Window, OutputExtent) {
  EXPECT_EQ(output_extent(32, 3, 1, 1, 1, 1), 32);
  EXPECT_EQ(output_extent(32, 3, 2, 1, 1, 1), 16);
  EXPECT_EQ(output_extent(32, 3, 2, 1, 0, 1), 16);
  EXPECT_EQ(output_extent(7, 3, 1, 3, 0, 0), 1);
  EXPECT_EQ(output_extent(6, 3, 1, 3, 0, 0), 0);
  EXPECT_EQ(output_extent(5, 5, 3, 1, 0, 0), 1);
  EXPECT_EQ(output_extent(1, 65535, 1, 65535, 0, 0), 0);  // the span exceeds 32 bits
}

}  // namespace
}  // namespace intact
