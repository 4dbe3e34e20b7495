#include "data/resize.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace intact {
namespace {

// Weights are integers of kWeightBits whose sum is 2^kWeightBits. Between the passes a value has
// kFractionBits behind the point, so it stays below 2^15, and the second pass below 2^29.
constexpr int kWeightBits = 14, kFractionBits = 7;

struct Taps {
  int first = 0;
  std::vector<std::int32_t> weights;
};

Taps make_taps(int out, int in_extent, int out_extent) {
  const double ratio = static_cast<double>(in_extent) / out_extent;
  const double reach = std::max(1.0, ratio), centre = (out + 0.5) * ratio;
  const int first = std::max(0, static_cast<int>(std::floor(centre - reach)));
  const int last = std::min(in_extent - 1, static_cast<int>(std::floor(centre + reach)));
  std::vector<double> shares;
  for (int i = first; i <= last; ++i)
    shares.push_back(std::max(0.0, 1.0 - std::abs(i + 0.5 - centre) / reach));
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  Taps taps{first, {}};
  std::int32_t rest = 1 << kWeightBits;
  for (const double share : shares) {
    taps.weights.push_back(static_cast<std::int32_t>(std::lround(share / sum * (1 << kWeightBits))));
    rest -= taps.weights.back();
  }
  *std::max_element(taps.weights.begin(), taps.weights.end()) += rest;
  return taps;
}

// Along one axis of a tensor [outer, extent, inner].
template <int kShift, typename To, typename From>
std::vector<To> resample(const std::vector<From>& from, std::size_t outer, int in_extent, int out_extent,
                         std::size_t inner) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(out_extent));
  for (int i = 0; i < out_extent; ++i) all.push_back(make_taps(i, in_extent, out_extent));
  std::vector<To> to(outer * static_cast<std::size_t>(out_extent) * inner);
  std::vector<std::int32_t> sums(inner);
  To* write = to.data();
  for (std::size_t o = 0; o < outer; ++o) {
    const From* plane = from.data() + o * static_cast<std::size_t>(in_extent) * inner;
    for (const Taps& taps : all) {
      std::fill(sums.begin(), sums.end(), 1 << (kShift - 1));
      const From* read = plane + static_cast<std::size_t>(taps.first) * inner;
      for (const std::int32_t weight : taps.weights) {
        for (std::size_t i = 0; i < inner; ++i) sums[i] += weight * read[i];
        read += inner;
      }
      for (const std::int32_t sum : sums) *write++ = static_cast<To>(sum >> kShift);
    }
  }
  return to;
}

std::vector<std::uint8_t> luma(const std::vector<std::uint8_t>& rgb) {
  std::vector<std::uint8_t> grey(rgb.size() / 3);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const int sum = 299 * rgb[3 * i] + 587 * rgb[3 * i + 1] + 114 * rgb[3 * i + 2];
    grey[i] = static_cast<std::uint8_t>((sum + 500) / 1000);
  }
  return grey;
}

}  // namespace

std::vector<std::uint8_t> resize_image(const RgbImage& image, int height, int width, int channels) {
  std::vector<std::uint8_t> pixels = channels == 1 ? luma(image.pixels) : image.pixels;
  if (image.height == height && image.width == width) return pixels;
  const auto c = static_cast<std::size_t>(channels);
  const auto rows = resample<kWeightBits - kFractionBits, std::uint16_t>(
      pixels, static_cast<std::size_t>(image.height), image.width, width, c);
  return resample<kWeightBits + kFractionBits, std::uint8_t>(rows, 1, image.height, height,
                                                             static_cast<std::size_t>(width) * c);
}

}  // namespace intact
