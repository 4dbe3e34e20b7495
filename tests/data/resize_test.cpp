// Bilinear resizing: values worked out by hand.
#include "data/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.h"

namespace intact::test {
namespace {

using testing::Each;
using testing::ElementsAre;

RgbImage grey_image(int height, int width, const Bytes& values) {
  RgbImage image{height, width, {}};
  for (const std::uint8_t v : values) image.pixels.insert(image.pixels.end(), 3, v);
  return image;
}

TEST(Resize, SameSizeIsACopy) {
  const RgbImage image{2, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  EXPECT_EQ(resize_image(image, 2, 2, 3), image.pixels);
}

TEST(Resize, OneColourStays) {
  for (const int size : {1, 3, 7, 64}) {
    const auto pixels = resize_image({9, 13, flat(9, 13, {255, 255, 255})}, size, size + 2, 3);
    EXPECT_EQ(pixels.size(), static_cast<std::size_t>(size * (size + 2) * 3));
    EXPECT_THAT(pixels, Each(255));
  }
}

// Twice as wide: output centres lie at 1/4, 3/4, 5/4, 7/4 of input pixels whose centres are at 1/2 and 3/2.
TEST(Resize, Enlarged) {
  EXPECT_THAT(resize_image(grey_image(1, 2, {0, 200}), 1, 4, 1), ElementsAre(0, 50, 150, 200));
  EXPECT_THAT(resize_image(grey_image(2, 1, {0, 200}), 4, 1, 1), ElementsAre(0, 50, 150, 200));
}

// Half as wide: a triangle of reach 2 around 1 and 3: weights (3, 3, 1) / 7 and (1, 3, 3) / 7 at the borders.
TEST(Resize, Shrunk) {
  EXPECT_THAT(resize_image(grey_image(1, 4, {70, 0, 0, 140}), 1, 2, 1), ElementsAre(30, 60));
}

TEST(Resize, ChannelsStayApart) {
  EXPECT_THAT(resize_image({1, 2, {0, 10, 255, 0, 10, 255}}, 1, 1, 3), ElementsAre(0, 10, 255));
}

TEST(Resize, Luma) {
  EXPECT_THAT(resize_image({1, 4, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255}}, 1, 4, 1),
              ElementsAre(76, 150, 29, 255));
}

}  // namespace
}  // namespace intact::test
