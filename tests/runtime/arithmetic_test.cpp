#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "core/random.h"

extern "C" {
#include "runtime/intact_arith.h"
}

namespace {

std::vector<std::int32_t> interesting() {
  std::vector<std::int32_t> v;
  for (const std::int64_t base : {0LL, 1LL << 15, 1LL << 16, 1LL << 30, 1LL << 31}) {
    for (std::int64_t d = -2; d <= 2; ++d) {
      for (const std::int64_t x : {base + d, -base + d}) {
        if (x >= INT32_MIN && x <= INT32_MAX) v.push_back(static_cast<std::int32_t>(x));
      }
    }
  }
  intact::RandomStream random(1, {2});
  for (int i = 0; i < 200; ++i)
    v.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(random.next())));
  return v;
}

TEST(Arithmetic, High32IsTheFloorOfTheProduct) {
  for (const std::int32_t a : interesting()) {
    for (const std::int32_t b : interesting()) {
      const std::int64_t product = std::int64_t{a} * b;
      // floor(p / 2^32) is the one q with q 2^32 <= p < (q + 1) 2^32.
      const std::int64_t q = intact_hi32_long(a, b);
      ASSERT_LE(q * (std::int64_t{1} << 32), product) << a << " * " << b;
      ASSERT_GT((q + 1) * (std::int64_t{1} << 32), product) << a << " * " << b;
      ASSERT_EQ(intact_hi32_parts(a, b), static_cast<std::int32_t>(q)) << a << " * " << b;
    }
  }
}

TEST(Arithmetic, RightShiftIsAFloor) {
  for (const std::int32_t x : interesting()) {
    for (std::uint32_t n = 0; n <= 31; ++n) {
      const std::int64_t q = intact_asr(x, n);
      ASSERT_LE(q * (std::int64_t{1} << n), x);
      ASSERT_GT((q + 1) * (std::int64_t{1} << n), x);
    }
  }
}

TEST(Arithmetic, ReinterpretsAllWords) {
  EXPECT_EQ(intact_to_i32(0), 0);
  EXPECT_EQ(intact_to_i32(0x7fffffffU), INT32_MAX);
  EXPECT_EQ(intact_to_i32(0x80000000U), INT32_MIN);
  EXPECT_EQ(intact_to_i32(0xffffffffU), -1);
}

// Values worked out by hand from ARITHMETIC section 3: acc 2^k m / 2^32 with k = 4, m = 2^27 is acc / 2; r
// = 3.
TEST(Arithmetic, RequantizesByHandWorkedValues) {
  const intact_round unsigned4 = {3, 0, 15, 0};
  const auto y = [&](std::int32_t acc, std::int32_t b) {
    return intact_round_code(&unsigned4, intact_scale(static_cast<std::uint32_t>(acc), 4, 1 << 27, b));
  };
  EXPECT_EQ(y(0, 4), 0U);   // half of the last place is added: 4 >> 3
  EXPECT_EQ(y(8, 4), 1U);   // a tie goes up: 0.5 -> 1
  EXPECT_EQ(y(7, 4), 0U);   // floor(3.5) + 4 = 7
  EXPECT_EQ(y(-8, 4), 0U);  // -0.5 -> 0
  EXPECT_EQ(y(-9, 4), 0U);  // floor(-4.5) + 4 = -1, clamped from -1
  EXPECT_EQ(y(1000, 4), 15U);
  const intact_round signed4 = {3, -8, 7, 0};
  EXPECT_EQ(intact_round_code(&signed4, intact_scale(static_cast<std::uint32_t>(-9), 4, 1 << 27, 4)),
            0xffffffffU);
  const intact_round sign = {3, -1, 1, 1};
  EXPECT_EQ(intact_round_code(&sign, 0U), 1U);  // sign(0) = +1
  EXPECT_EQ(intact_round_code(&sign, 0xffffffffU), 0U);
}

}  // namespace
