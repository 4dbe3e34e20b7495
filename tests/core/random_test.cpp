#include "core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace intact {
namespace {

TEST(RandomStreamTest, SameKeysSameNumbers) {
  RandomStream a(1, {2, 3});
  RandomStream b(1, {2, 3});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(RandomStreamTest, SeedKeysAndTheirOrderMatter) {
  std::set<std::uint64_t> first;
  first.insert(RandomStream(1, {2, 3}).next());
  first.insert(RandomStream(2, {2, 3}).next());
  first.insert(RandomStream(1, {3, 2}).next());
  first.insert(RandomStream(1, {2}).next());
  first.insert(RandomStream(1, {2, 3, 0}).next());
  EXPECT_EQ(first.size(), 5U);
}

TEST(RandomStreamTest, BelowCoversItsRangeEvenly) {
  RandomStream random(7, {});
  std::array<int, 10> counts{};
  for (int i = 0; i < 100000; ++i) ++counts.at(random.below(10));
  for (const int count : counts) {  // 5 standard deviations of a binomial(100000, 0.1) are 474
    EXPECT_GT(count, 9526);
    EXPECT_LT(count, 10474);
  }
}

TEST(RandomStreamTest, UniformStaysInItsInterval) {
  RandomStream random(7, {1});
  double low = 1, high = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform();
    low = u < low ? u : low;
    high = u > high ? u : high;
  }
  EXPECT_GE(low, 0.0);
  EXPECT_LT(low, 0.001);
  EXPECT_LT(high, 1.0);
  EXPECT_GT(high, 0.999);
}

}  // namespace
}  // namespace intact
