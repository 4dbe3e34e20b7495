// Images brought to one size: preprocessing on the host, before the bytes that the promise of exactness
// begins with.
#pragma once

#include <cstdint>
#include <vector>

#include "data/decode_image.h"

namespace intact {

// Bilinear, separable: each output pixel is a mean of input pixels under a triangle around its centre
// ((i + 1/2) * in / out), one input pixel wide on each side or, where the image shrinks, in / out wide, so
// that no input pixel is skipped. The aspect ratio is not kept. channels: 3, or 1 for luma (299 R + 587 G +
// 114 B) / 1000. Returns height x width x channels bytes; an image of that size already comes back as it is.
std::vector<std::uint8_t> resize_image(const RgbImage& image, int height, int width, int channels);

}  // namespace intact
