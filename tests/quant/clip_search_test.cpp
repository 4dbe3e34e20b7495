#include "quant/clip_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace intact {
namespace {

TEST(MagnitudeHistogram, CountsMagnitudesUpToTheLargest) {
  const std::vector<float> values{0, -1, 2, 3.9F, -4};
  const MagnitudeHistogram h = magnitude_histogram(values, 4);
  EXPECT_EQ(h.width, 1.0);
  EXPECT_EQ(h.counts, (std::vector<double>{1, 1, 1, 2}));  // the largest counts in the last bin
}

TEST(PercentileClip, IsTheLowestEdgeWithTheShareBelow) {
  const MagnitudeHistogram h{{90, 9, 0, 1}, 0.5};
  EXPECT_EQ(percentile_clip(h, 0.9), 0.5);
  EXPECT_EQ(percentile_clip(h, 0.91), 1.0);
  EXPECT_EQ(percentile_clip(h, 0.99), 1.0);
  EXPECT_EQ(percentile_clip(h, 0.995), 2.0);
  EXPECT_EQ(percentile_clip(h, 1.0), 2.0);
}

// Values at 0.5 (16) and 3.5 (1), one step. Clip 1: error 16 * 0.25 (rounds 0.5 to 0) + 2.5^2 = 10.25. Clip
// 2: 0.5 / 2 rounds to 0: 4 + 1.5^2 = 6.25. Clip 3: 4 + 0.5^2 = 4.25. Clip 4: 4 + 0.5^2 = 4.25, the same: the
// lower one.
TEST(MeanSquaredErrorClip, ByHandWithOneStep) {
  EXPECT_EQ(mean_squared_error_clip({{16, 0, 0, 1}, 1.0}, 1), 3.0);
}

// The same with 100 values at 0.5 and two steps: clip 1 has scale 0.5 and no error there: 2.5^2. Clip 2: 0.5
// rounds (tie to even) to 0: 25 + 2.25.
TEST(MeanSquaredErrorClip, GivesUpAnOutlierForFinerSteps) {
  EXPECT_EQ(mean_squared_error_clip({{100, 0, 0, 1}, 1.0}, 2), 1.0);
}

TEST(MeanSquaredErrorClip, MoreBitsClipLess) {
  RandomStream rng(5, {1});
  std::vector<float> values;
  for (int i = 0; i < 20000; ++i) {  // near Gaussian: the sum of 12 uniforms
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += rng.uniform();
    values.push_back(static_cast<float>(sum));
  }
  const MagnitudeHistogram h = magnitude_histogram(values, 2048);
  // Best clips of a Gaussian in standard deviations, for a symmetric grid: near 1.7 at 3 levels each side of
  // 0 or fewer, 2.5 at 7, 3.9 at 127; here only the order and the coarse place.
  const double two = mean_squared_error_clip(h, 1), four = mean_squared_error_clip(h, 7),
               eight = mean_squared_error_clip(h, 127);
  EXPECT_LT(two, four);
  EXPECT_LT(four, eight);
  EXPECT_GT(two, 1.0);
  EXPECT_LT(two, 2.0);
  EXPECT_GT(eight, 3.2);
}

// Two levels over four bins {4, 4, 0, 1}. Edge 2: P = {4, 5} / 9, Q = {4, 4} / 8: D = 4/9 ln(8/9) + 5/9
// ln(10/9) = 0.0062. Edge 3 (groups of 1 and 2): P = {4, 4, 1} / 9; the second group {4, 0} spreads over two:
// Q = {4, 2, 2} / 8: D = 4/9 ln(8/9) + 4/9 ln(16/9) + 1/9 ln(4/9) = 0.113. Edge 4: P = {4, 4, 0, 1} / 9, Q =
// {4, 4, 0, 1} / 9: D = 0.
TEST(EntropyClip, ByHand) {
  EXPECT_EQ(entropy_clip({{4, 4, 0, 1}, 1.0}, 1), 4.0);
}

// {8, 8, 8, 8, 1, 0, 0, 1}: at edge 4 (two groups of two) Q is even and P = {8, 8, 8, 10} / 34: D = 3 * 8/34
// ln(32/34) + 10/34 ln(40/34) = 0.0050. At the top the groups {8, 8, 8, 8} and {1, 0, 0, 1} are each even,
// with no loss: D = 0; so with one step the top is best. With a step per bin (8 levels) the top is lossless
// too.
TEST(EntropyClip, KeepsWhatIsLossless) {
  const MagnitudeHistogram h{{8, 8, 8, 8, 1, 0, 0, 1}, 0.25};
  EXPECT_EQ(entropy_clip(h, 1), 2.0);
  EXPECT_EQ(entropy_clip(h, 7), 2.0);
}

// A tail that no coarse level can tell from its neighbours is given up: {64, 32, 16, 8, 4, 2, 1, 1} with two
// levels. Edge 2: P = {64, 64} / 128, Q = {64, 32} / 96: D = 1/2 ln(3/4) + 1/2 ln(3/2) = 0.0589. Edge 3
// (groups of 1 and 2): P = {64, 32, 32} / 128, Q = {64, 24, 24} / 112: D = 1/2 ln(7/8) + 1/2 ln(7/6) =
// 0.0103. Edge 4: P = {64, 32, 16, 16} / 128, Q = {48, 48, 12, 12} / 120: D = 1/2 ln(5/4) + 1/4 ln(5/8) + 1/4
// ln(5/4) = 0.0499. Edge 8 mixes 64 with 8: more.
TEST(EntropyClip, GivesUpATail) {
  EXPECT_EQ(entropy_clip({{64, 32, 16, 8, 4, 2, 1, 1}, 1.0}, 1), 3.0);
}

}  // namespace
}  // namespace intact
