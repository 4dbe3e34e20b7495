// JPEG and PNG files to pixels, and files that are faulty or lie about their size.
#include "data/decode_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"
#include "image_files.h"

namespace intact::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

RgbImage decode(const Bytes& bytes) {
  return decode_image(bytes, "x.img");
}
std::string fault(const Bytes& bytes) {
  return data_error([&] { decode(bytes); });
}

Bytes noise(std::size_t count) {
  RandomStream random(7, {1});
  Bytes bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

TEST(DecodeImage, PngIsExact) {
  const Bytes pixels = noise(5 * 7 * 3);
  const RgbImage image = decode(png(5, 7, 3, pixels));
  EXPECT_EQ(image.height, 5);
  EXPECT_EQ(image.width, 7);
  EXPECT_EQ(image.pixels, pixels);
}

TEST(DecodeImage, GreyPng) {
  EXPECT_THAT(decode(png(1, 2, 1, {17, 200})).pixels, ElementsAre(17, 17, 17, 200, 200, 200));
}

TEST(DecodeImage, TransparencyIsOverBlack) {
  EXPECT_THAT(decode(png(1, 3, 4, {255, 128, 1, 255, 255, 255, 255, 0, 0, 0, 0, 255})).pixels,
              ElementsAre(255, 128, 1, 0, 0, 0, 0, 0, 0));
}

TEST(DecodeImage, JpegOfOneColour) {
  for (const bool progressive : {false, true}) {
    const RgbImage image = decode(jpeg(9, 17, 3, flat(9, 17, {200, 40, 90}), progressive));
    ASSERT_EQ(image.pixels.size(), 9U * 17 * 3);
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
      EXPECT_NEAR(image.pixels[i], 200, 2);
      EXPECT_NEAR(image.pixels[i + 1], 40, 2);
      EXPECT_NEAR(image.pixels[i + 2], 90, 2);
    }
  }
}

TEST(DecodeImage, GreyJpeg) {
  const RgbImage image = decode(jpeg(8, 8, 1, flat(8, 8, {77})));
  EXPECT_EQ(image.pixels, flat(8, 8, {77, 77, 77}));
}

TEST(DecodeImage, CutFiles) {
  const Bytes whole_jpeg = jpeg(32, 32, 3, noise(32 * 32 * 3)),
              whole_png = png(32, 32, 3, noise(32 * 32 * 3));
  for (const Bytes& whole : {whole_jpeg, whole_png}) {
    for (std::size_t size = 16; size + 16 < whole.size(); size += whole.size() / 9) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_THAT(fault(cut), AllOf(HasSubstr("x.img: cannot be decoded as"), HasSubstr("damaged or cut")))
          << size;
    }
  }
}

TEST(DecodeImage, DamagedPng) {
  Bytes bytes = png(16, 16, 3, noise(16 * 16 * 3));
  bytes[bytes.size() / 2] ^= 0x40;
  EXPECT_THAT(fault(bytes), HasSubstr("cannot be decoded as PNG"));
}

TEST(DecodeImage, HugeHeadersAllocateNothing) {
  EXPECT_THAT(fault(png_header(1000000, 1000000)), HasSubstr("claims 1000000x1000000 pixels"));
  EXPECT_THAT(fault(png_header(16384, 4097)), HasSubstr("claims 16384x4097 pixels"));
  EXPECT_THAT(fault(png_header(1, 16385)), HasSubstr("at most 16384 a side"));
  Bytes bytes = jpeg(8, 8, 3, flat(8, 8, {1, 2, 3}));
  for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
    if (bytes[i] != 0xFF || bytes[i + 1] != 0xC0)
      continue;  // start of frame: length, precision, height, width
    bytes[i + 5] = bytes[i + 7] = 0xFF;
    bytes[i + 6] = bytes[i + 8] = 0x00;
  }
  EXPECT_THAT(fault(bytes), HasSubstr("claims 65280x65280 pixels"));
}

TEST(DecodeImage, OtherFiles) {
  EXPECT_THAT(fault({}), HasSubstr("the file is empty"));
  EXPECT_THAT(fault({'G', 'I', 'F', '8', '9', 'a'}), HasSubstr("neither a JPEG nor a PNG"));
  EXPECT_THAT(fault(jpeg(8, 8, 4, flat(8, 8, {1, 2, 3, 4}))), HasSubstr("four inks"));
}

}  // namespace
}  // namespace intact::test
