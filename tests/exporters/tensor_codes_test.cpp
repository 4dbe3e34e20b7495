#include "exporters/blob/tensor_codes.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Codes = std::vector<std::int32_t>;

TensorInfo info(const Shape& shape, const Grid& grid) {
  return {"t", shape, grid, 1.0};
}

TEST(TensorCodesTest, PixelsStartAtBytes) {
  const TensorInfo tensor = info({1, 2, 3}, Grid::unsigned_grid(4));
  const Codes codes{1, 2, 3, 15, 0, 9};
  EXPECT_EQ(pack_tensor(tensor, codes), (Bytes{0x21, 0x03, 0x0F, 0x09}));
  EXPECT_EQ(unpack_tensor(tensor, pack_tensor(tensor, codes)), codes);
}

TEST(TensorCodesTest, OneBitPixelsStartAtWords) {
  const TensorInfo tensor = info({2, 1, 3}, Grid::bipolar());
  const Codes codes{1, -1, 1, -1, 1, -1};
  EXPECT_EQ(pack_tensor(tensor, codes), (Bytes{5, 0, 0, 0, 2, 0, 0, 0}));
  EXPECT_EQ(unpack_tensor(tensor, pack_tensor(tensor, codes)), codes);
}

TEST(TensorCodesTest, SignedCodesKeepTheirSign) {
  const TensorInfo tensor = info({1, 1, 4}, Grid::signed_grid(3));  // stored in 4 bits
  const Codes codes{-4, 3, -1, 0};
  EXPECT_EQ(pack_tensor(tensor, codes), (Bytes{0x3C, 0x0F}));
  EXPECT_EQ(unpack_tensor(tensor, pack_tensor(tensor, codes)), codes);
}

TEST(TensorCodesTest, LogitsAreLittleEndian) {
  const TensorInfo tensor = info({1, 1, 2}, Grid::int32());
  const Codes codes{-2, 0x01020304};
  EXPECT_EQ(pack_tensor(tensor, codes), (Bytes{0xFE, 0xFF, 0xFF, 0xFF, 4, 3, 2, 1}));
  EXPECT_EQ(unpack_tensor(tensor, pack_tensor(tensor, codes)), codes);
}

TEST(TensorCodesTest, EveryWidthComesBack) {
  for (int bits = 1; bits <= 8; ++bits) {
    const TensorInfo tensor = info({1, 1, 1 << bits}, Grid::unsigned_grid(bits));
    Codes codes;
    for (int q = 0; q < 1 << bits; ++q) codes.push_back(q);
    EXPECT_EQ(unpack_tensor(tensor, pack_tensor(tensor, codes)), codes) << bits;
  }
}

TEST(TensorCodesTest, RefusesWrongCounts) {
  const TensorInfo tensor = info({1, 2, 3}, Grid::unsigned_grid(4));
  EXPECT_THROW(pack_tensor(tensor, Codes(5)), Error);
  EXPECT_THROW(unpack_tensor(tensor, Bytes(3)), Error);
}

TEST(TensorMemoryTest, BytesOfTheFormat) {
  EXPECT_EQ(pixel_bytes(info({1, 1, 33}, Grid::bipolar())), 8U);
  EXPECT_EQ(pixel_bytes(info({1, 1, 33}, Grid::unsigned_grid(1))), 8U);
  EXPECT_EQ(pixel_bytes(info({1, 1, 5}, Grid::unsigned_grid(2))), 2U);
  EXPECT_EQ(pixel_bytes(info({1, 1, 5}, Grid::unsigned_grid(3))), 3U);
  EXPECT_EQ(pixel_bytes(info({1, 1, 5}, Grid::unsigned_grid(5))), 5U);
  EXPECT_EQ(tensor_bytes(info({3, 7, 10}, Grid::int32())), 840U);
  EXPECT_EQ(tensor_bytes(info({65535, 32768, 1}, Grid::unsigned_grid(8))), 2147450880U);
  EXPECT_THROW(tensor_bytes(info({65535, 65535, 1}, Grid::unsigned_grid(8))), Error);
}

}  // namespace
}  // namespace intact
