// Order of an epoch, and augmented batches.
#include "data/batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "idx_files.h"

namespace intact::test {
namespace {

TEST(EpochOrder, IsAPermutation) {
  for (const std::size_t n : {0U, 1U, 2U, 7U, 1000U}) {
    std::vector<std::int32_t> order = epoch_order(n, 3, 5);
    std::sort(order.begin(), order.end());
    std::vector<std::int32_t> expected(n);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(order, expected);
  }
}

TEST(EpochOrder, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(epoch_order(100, 1, 2), epoch_order(100, 1, 2));
  EXPECT_NE(epoch_order(100, 1, 2), epoch_order(100, 1, 3));
  EXPECT_NE(epoch_order(100, 1, 2), epoch_order(100, 2, 2));
}

// Over many epochs each of the 6 orders of three samples comes up about equally often (expected 1000,
// deviation 29).
TEST(EpochOrder, AllOrdersComeUp) {
  std::map<std::vector<std::int32_t>, int> counts;
  for (std::uint64_t epoch = 0; epoch < 6000; ++epoch) ++counts[epoch_order(3, 9, epoch)];
  ASSERT_EQ(counts.size(), 6U);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 1000, 150);
}

// Two images of 2 rows, 3 columns and 2 channels; every byte differs.
Dataset sample() {
  Dataset data;
  data.height = 2;
  data.width = 3;
  data.channels = 2;
  data.classes = 3;
  data.images.resize(24);
  std::iota(data.images.begin(), data.images.end(), std::uint8_t{100});
  data.labels = {2, 1};
  return data;
}

constexpr std::uint8_t kFill = 9;

struct Batch {
  Bytes images;
  std::vector<std::int64_t> labels;
};

Batch assemble(const Dataset& data, const std::vector<std::int32_t>& indices, const AugmentConfig& augment,
               std::uint64_t epoch = 0) {
  Batch batch{Bytes(indices.size() * data.image_bytes()), std::vector<std::int64_t>(indices.size())};
  assemble_batch(data, indices, augment, kFill, 1, epoch, batch.images.data(), batch.labels.data());
  return batch;
}

TEST(AssembleBatch, CopiesWithoutAugmentation) {
  const Dataset data = sample();
  const Batch batch = assemble(data, {1, 0, 1}, {});
  EXPECT_EQ(batch.labels, (std::vector<std::int64_t>{1, 2, 1}));
  const auto first = data.image(0), second = data.image(1);
  Bytes expected(second.begin(), second.end());
  expected.insert(expected.end(), first.begin(), first.end());
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(batch.images, expected);
}

// Flipped, then moved: the pixel at (y, x) comes from (y - down, x - right) of the (mirrored) image.
Bytes moved(const Dataset& data, std::size_t index, bool flip, int down, int right) {
  Bytes out;
  for (int y = 0; y < data.height; ++y) {
    for (int x = 0; x < data.width; ++x) {
      const int from_y = y - down;
      int from_x = x - right;
      const bool inside = from_y >= 0 && from_y < data.height && from_x >= 0 && from_x < data.width;
      if (flip) from_x = data.width - 1 - from_x;
      for (int c = 0; c < data.channels; ++c) {
        out.push_back(
            inside ? data.image(
                         index)[static_cast<std::size_t>((from_y * data.width + from_x) * data.channels + c)]
                   : kFill);
      }
    }
  }
  return out;
}

std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

// Every batch image is one of the images that flip and shift allow, and over many epochs all of them come up.
void expect_all_moves(const AugmentConfig& augment) {
  const Dataset data = sample();
  std::set<std::string> allowed, seen;
  for (const bool flip : {false, true}) {
    if (flip && !augment.flip) continue;
    for (int down = -augment.shift; down <= augment.shift; ++down) {
      for (int right = -augment.shift; right <= augment.shift; ++right)
        allowed.insert(text(moved(data, 1, flip, down, right)));
    }
  }
  for (std::uint64_t epoch = 0; epoch < 2000; ++epoch)
    seen.insert(text(assemble(data, {1}, augment, epoch).images));
  EXPECT_EQ(seen, allowed);
}

TEST(AssembleBatch, Flip) {
  expect_all_moves({true, 0});
}
TEST(AssembleBatch, Shift) {
  expect_all_moves({false, 1});
}
TEST(AssembleBatch, FlipAndShift) {
  expect_all_moves({true, 1});
}
TEST(AssembleBatch, ShiftLargerThanTheImage) {
  expect_all_moves({true, 5});
}

TEST(AssembleBatch, HandwrittenMoves) {
  const Dataset data = sample();
  // Rows of image 0: pixels (100,101) (102,103) (104,105), and (106,107) (108,109) (110,111).
  EXPECT_EQ(moved(data, 0, true, 0, 0), (Bytes{104, 105, 102, 103, 100, 101, 110, 111, 108, 109, 106, 107}));
  EXPECT_EQ(moved(data, 0, false, 1, -1), (Bytes{9, 9, 9, 9, 9, 9, 102, 103, 104, 105, 9, 9}));
  EXPECT_EQ(moved(data, 0, true, 0, 1), (Bytes{9, 9, 104, 105, 102, 103, 9, 9, 110, 111, 108, 109}));
}

// A sample's augmentation depends on (seed, epoch, sample), not on its place in the batch or on the other
// samples.
TEST(AssembleBatch, DoesNotDependOnTheBatch) {
  const Dataset data = sample();
  const AugmentConfig augment{true, 2};
  for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
    const Bytes alone = assemble(data, {1}, augment, epoch).images;
    const Bytes both = assemble(data, {0, 1}, augment, epoch).images;
    EXPECT_EQ(alone, Bytes(both.begin() + 12, both.end()));
  }
}

TEST(AssembleBatch, FlipDoesNotChangeTheShift) {
  Dataset data = sample();
  data.images.assign(24, 200);  // mirror images of itself: only the shift shows
  for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
    EXPECT_EQ(assemble(data, {0, 1}, {false, 2}, epoch).images,
              assemble(data, {0, 1}, {true, 2}, epoch).images);
  }
}

}  // namespace
}  // namespace intact::test
