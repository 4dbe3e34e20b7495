#include "data/decode_image.h"

#include <algorithm>
#include <array>
#include <string>

#include "data/data_error.h"

namespace intact {
namespace {

constexpr std::array<std::uint8_t, 3> kJpegStart{0xFF, 0xD8, 0xFF};
constexpr std::array<std::uint8_t, 8> kPngStart{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

bool starts_with(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

}  // namespace

RgbImage make_image(std::size_t height, std::size_t width, const std::filesystem::path& name) {
  if (height == 0 || width == 0 || height > kLargestImageSide || width > kLargestImageSide ||
      height * width > kMostImagePixels) {
    throw DataError(name, "claims " + std::to_string(height) + "x" + std::to_string(width) +
                              " pixels: at most " + std::to_string(kLargestImageSide) + " a side and " +
                              std::to_string(kMostImagePixels) + " in all are read");
  }
  RgbImage image;
  image.height = static_cast<int>(height);
  image.width = static_cast<int>(width);
  image.pixels.resize(height * width * 3);
  return image;
}

RgbImage decode_image(std::span<const std::uint8_t> bytes, const std::filesystem::path& name) {
  if (starts_with(bytes, kJpegStart)) return decode_jpeg(bytes, name);
  if (starts_with(bytes, kPngStart)) return decode_png(bytes, name);
  throw DataError(name, bytes.empty() ? "the file is empty" : "is neither a JPEG nor a PNG file",
                  "remove it, or convert it");
}

}  // namespace intact
