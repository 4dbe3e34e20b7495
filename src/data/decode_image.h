// One image file's bytes to pixels: JPEG (libjpeg) and PNG (libpng), told apart by their first bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace intact {

struct RgbImage {
  int height = 0, width = 0;
  std::vector<std::uint8_t> pixels;  // height x width x 3: red, green, blue
};

// Most pixels a side, and of an image; checked before anything of that size is allocated.
constexpr std::size_t kLargestImageSide = 16384;
constexpr std::size_t kMostImagePixels = std::size_t{1} << 26;

// Grey becomes three equal channels, 16 bits a channel become 8, transparency is laid over black; a JPEG's
// orientation tag is not looked at. `name` stands for the file in errors. Throws DataError for what is no
// JPEG or PNG, damaged, cut, above the limits, or in four inks (CMYK).
RgbImage decode_image(std::span<const std::uint8_t> bytes, const std::filesystem::path& name);

RgbImage decode_jpeg(std::span<const std::uint8_t> bytes, const std::filesystem::path& name);
RgbImage decode_png(std::span<const std::uint8_t> bytes, const std::filesystem::path& name);

// An image of this size with pixels of 0. Throws DataError above the limits.
RgbImage make_image(std::size_t height, std::size_t width, const std::filesystem::path& name);

}  // namespace intact
