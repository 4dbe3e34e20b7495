// JPEG and PNG files as tests write them.
#pragma once

#include <cstdint>
#include <functional>

#include "idx_files.h"

namespace intact::test {

// Pixels height x width x channels (1 or 3; PNG also 4: with alpha).
Bytes png(int height, int width, int channels, const Bytes& pixels);
Bytes jpeg(int height, int width, int channels, const Bytes& pixels, bool progressive = false);

// A PNG header that claims the size, and nothing of the image.
Bytes png_header(std::uint32_t height, std::uint32_t width);

// Every pixel the same.
Bytes flat(int height, int width, const Bytes& pixel);

}  // namespace intact::test
