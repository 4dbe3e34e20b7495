#include "exporters/blob/weight_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>

#include "core/error.h"
#include "core/random.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Codes = std::vector<std::int8_t>;
using ::testing::ThrowsMessage;

TEST(WeightLayoutTest, DenseRowsOfEachWidthAsWritten) {
  const WeightExtents row{1, 1, 3};
  const Codes eight{1, -1, -127};
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, row, Grid::weight_grid(8), eight),
            (Bytes{0x01, 0xFF, 0x81}));
  const Codes four{1, -1, -8};
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, row, Grid::weight_grid(4), four), (Bytes{0xF1, 0x08}));
  const Codes three{1, -1, -4};  // stored in 4 bits, its sign extended
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, row, Grid::weight_grid(3), three), (Bytes{0xF1, 0x0C}));
  const Codes two{1, -1, -2};
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, row, Grid::weight_grid(2), two), (Bytes{0b00101101}));
  const Codes one{1, -1, 1};
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, row, Grid::bipolar(), one), (Bytes{0b00000101}));
}

TEST(WeightLayoutTest, DenseRowsStartAtBytes) {
  const Codes codes{1, -1, -8, 2, 3, 4};
  EXPECT_EQ(pack_weights(WeightLayout::kDenseRows, {2, 3, 1}, Grid::weight_grid(4), codes),
            (Bytes{0xF1, 0x08, 0x32, 0x04}));
}

TEST(WeightLayoutTest, WordTapsPadEachTapToWords) {
  const Codes codes{1, -1, 1, -1, -1, 1};
  EXPECT_EQ(pack_weights(WeightLayout::kWordTaps, {1, 2, 3}, Grid::bipolar(), codes),
            (Bytes{5, 0, 0, 0, 4, 0, 0, 0}));
  Codes wide(33, -1);
  wide[8] = 1;
  wide[32] = 1;
  EXPECT_EQ(pack_weights(WeightLayout::kWordTaps, {1, 1, 33}, Grid::bipolar(), wide),
            (Bytes{0, 1, 0, 0, 1, 0, 0, 0}));
}

struct Case {
  WeightLayout layout;
  Grid grid;
  WeightExtents extents;
};

class WeightLayoutBijection : public ::testing::TestWithParam<Case> {};

TEST_P(WeightLayoutBijection, CodesComeBackAndPaddingIsZero) {
  const Case& c = GetParam();
  RandomStream random(11, {c.extents.count()});
  Codes codes;
  std::size_t ones = 0;
  for (std::size_t i = 0; i < c.extents.count(); ++i) {
    const bool bipolar = c.grid.kind == GridKind::kBipolar;
    const int span = c.grid.qmax - c.grid.qmin + 1;
    const int code = bipolar ? (random.below(2) == 0 ? -1 : 1)
                             : c.grid.qmin + static_cast<int>(random.below(static_cast<std::uint32_t>(span)));
    codes.push_back(static_cast<std::int8_t>(code));
    const unsigned mask = (1U << static_cast<unsigned>(c.grid.storage_bits())) - 1;
    ones += static_cast<std::size_t>(bipolar ? code > 0 : std::popcount(static_cast<unsigned>(code) & mask));
  }
  const Bytes bytes = pack_weights(c.layout, c.extents, c.grid, codes);
  EXPECT_EQ(bytes.size(), packed_weight_bytes(c.layout, c.extents, c.grid));
  EXPECT_EQ(unpack_weights(c.layout, c.extents, c.grid, bytes), codes);
  std::size_t set = 0;  // all set bits belong to codes, so none is padding
  for (const std::uint8_t byte : bytes) set += static_cast<std::size_t>(std::popcount(byte));
  EXPECT_EQ(set, ones);
}

// Every bit of a packed row either is a code's or must be refused when set.
TEST_P(WeightLayoutBijection, EverySingleBitMattersOrIsRefused) {
  const Case& c = GetParam();
  Codes zero(c.extents.count(), c.grid.kind == GridKind::kBipolar ? std::int8_t{-1} : std::int8_t{0});
  const Bytes clean = pack_weights(c.layout, c.extents, c.grid, zero);
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * clean.size(); ++bit) {
    Bytes bytes = clean;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
    try {
      EXPECT_NE(unpack_weights(c.layout, c.extents, c.grid, bytes), zero);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_EQ(refused, 8 * clean.size() - c.extents.count() * static_cast<std::size_t>(c.grid.storage_bits()));
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const WeightExtents& e : {WeightExtents{1, 1, 1}, {3, 1, 5}, {2, 9, 3}, {5, 4, 32}, {4, 6, 33}}) {
    for (int bits = 2; bits <= 8; ++bits)
      all.push_back({WeightLayout::kDenseRows, Grid::weight_grid(bits), e});
    all.push_back({WeightLayout::kDenseRows, Grid::bipolar(), e});
    all.push_back({WeightLayout::kWordTaps, Grid::bipolar(), e});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Extents, WeightLayoutBijection, ::testing::ValuesIn(cases()));

TEST(WeightLayoutTest, RefusesWrongCounts) {
  const Codes codes(5, 1);
  EXPECT_THAT(
      [&] {
        pack_weights(WeightLayout::kDenseRows, {2, 1, 3}, Grid::weight_grid(4), codes);
      },
      ThrowsMessage<Error>("weights: 5 codes, expected 6"));
  const Bytes bytes(3, 0);
  EXPECT_THAT(
      [&] {
        unpack_weights(WeightLayout::kDenseRows, {2, 1, 3}, Grid::weight_grid(4), bytes);
      },
      ThrowsMessage<Error>("weights: 3 bytes, expected 4"));
}

TEST(WeightLayoutTest, WordTapsAreBipolar) {
  const Codes codes(6, 1);
  EXPECT_THROW(pack_weights(WeightLayout::kWordTaps, {2, 1, 3}, Grid::weight_grid(2), codes), Error);
}

}  // namespace
}  // namespace intact
