#include "quant/observer.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;

void update(Observer& observer, float low, float high) {
  observer.update(torch::full({}, low), torch::full({}, high));
}

TEST(MinMaxObserver, KeepsTheExtremesOfAllBatches) {
  MinMaxObserver observer(0);
  EXPECT_FALSE(observer.initialized());
  update(observer, 1, 2);  // the first batch's range is not widened to the initial zeros
  EXPECT_TRUE(observer.initialized());
  EXPECT_EQ(observer.low().item<float>(), 1.0F);
  update(observer, -3, 1);
  update(observer, -1, 5);
  EXPECT_EQ(observer.low().item<float>(), -3.0F);
  EXPECT_EQ(observer.high().item<float>(), 5.0F);
}

TEST(MovingAverageObserver, StartsAtTheFirstBatchAndMovesByItsMomentum) {
  MovingAverageObserver observer(0, 0.25);
  update(observer, -4, 8);
  update(observer, -8, 16);  // 3/4 of the old, 1/4 of the new
  EXPECT_EQ(observer.low().item<float>(), -5.0F);
  EXPECT_EQ(observer.high().item<float>(), 10.0F);
  update(observer, -1, 2);
  EXPECT_EQ(observer.low().item<float>(), -4.0F);
  EXPECT_EQ(observer.high().item<float>(), 8.0F);
}

TEST(MovingAverageObserver, TracksGroupsSideBySide) {
  MovingAverageObserver observer(2, 0.5);
  observer.update(floats({0, -2}), floats({4, 2}));
  observer.update(floats({-2, -4}), floats({8, 4}));
  EXPECT_TRUE(torch::equal(observer.low(), floats({-1, -3})));
  EXPECT_TRUE(torch::equal(observer.high(), floats({6, 3})));
}

TEST(Observer, RefusesValuesThatAreNotFinite) {
  MinMaxObserver observer(0);
  EXPECT_THROW(update(observer, std::nanf(""), 1), Error);
  EXPECT_THROW(update(observer, 0, std::numeric_limits<float>::infinity()), Error);
  EXPECT_FALSE(observer.initialized());
}

TEST(Observer, RefusesAMomentumOutOfRange) {
  EXPECT_THROW(make_observer(ObserverKind::kMovingAverage, 0, 0.0), Error);
  EXPECT_THROW(make_observer(ObserverKind::kMovingAverage, 0, 1.5), Error);
  EXPECT_THROW(make_observer(ObserverKind::kMovingAverage, 0, std::nan("")), Error);
}

TEST(Observer, StateIsInBuffers) {
  MovingAverageObserver observer(0, 0.5);
  EXPECT_EQ(observer.buffers().size(), 3U);
  EXPECT_TRUE(observer.parameters().empty());
}

}  // namespace
}  // namespace intact
