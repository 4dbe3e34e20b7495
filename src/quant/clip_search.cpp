#include "quant/clip_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace intact {
namespace {

constexpr std::size_t kCandidates = 128;

// Edges to try: all of them where there are few, else some 128, evenly spread, the top among them.
std::size_t candidate_stride(std::size_t bins) {
  return std::max<std::size_t>(1, bins / kCandidates);
}

double squared_error(const MagnitudeHistogram& h, double clip, double steps) {
  const double scale = clip / steps;
  double sum = 0;
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    if (h.counts[i] == 0) continue;
    const double x = (static_cast<double>(i) + 0.5) * h.width;
    const double error = x - std::min(std::nearbyint(x / scale) * scale, clip);
    sum += h.counts[i] * error * error;
  }
  return sum;
}

// D(P || Q) of the first `edge` bins; infinite where Q is 0 and P is not.
double divergence(const MagnitudeHistogram& h, std::size_t edge, std::size_t levels) {
  const auto begin = h.counts.begin();
  const auto cut = begin + static_cast<std::ptrdiff_t>(edge);
  std::vector<double> p(begin, cut);
  p.back() += std::accumulate(cut, h.counts.end(), 0.0);
  const double total = std::accumulate(p.begin(), p.end(), 0.0);
  const double kept = std::accumulate(begin, cut, 0.0);
  if (kept == 0) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t from = level * edge / levels, to = (level + 1) * edge / levels;
    double mass = 0;
    std::size_t occupied = 0;
    for (std::size_t i = from; i < to; ++i) {
      mass += h.counts[i];
      occupied += p[i] > 0 ? 1 : 0;
    }
    for (std::size_t i = from; i < to; ++i) {
      if (p[i] == 0) continue;
      const double q = mass / static_cast<double>(occupied) / kept;
      if (q == 0) return std::numeric_limits<double>::infinity();
      sum += p[i] / total * std::log(p[i] / total / q);
    }
  }
  return sum;
}

}  // namespace

MagnitudeHistogram magnitude_histogram(std::span<const float> values, std::size_t bins) {
  float top = 0;
  for (const float value : values) top = std::max(top, std::abs(value));
  MagnitudeHistogram h{std::vector<double>(bins, 0.0), static_cast<double>(top) / static_cast<double>(bins)};
  const double inverse = static_cast<double>(bins) / static_cast<double>(top);
  for (const float value : values) {
    const auto bin = static_cast<std::size_t>(std::abs(static_cast<double>(value)) * inverse);
    h.counts[std::min(bin, bins - 1)] += 1;
  }
  return h;
}

double percentile_clip(const MagnitudeHistogram& h, double share) {
  const double wanted = share * std::accumulate(h.counts.begin(), h.counts.end(), 0.0);
  double below = 0;
  for (std::size_t i = 0; i < h.counts.size(); ++i) {
    below += h.counts[i];
    if (below >= wanted) return static_cast<double>(i + 1) * h.width;
  }
  return h.top();
}

double mean_squared_error_clip(const MagnitudeHistogram& h, double steps) {
  double best = h.top(), least = std::numeric_limits<double>::infinity();
  const std::size_t stride = candidate_stride(h.counts.size());
  for (std::size_t edge = stride; edge <= h.counts.size(); edge += stride) {
    const double clip = static_cast<double>(edge) * h.width;
    const double error = squared_error(h, clip, steps);
    if (error < least) {
      least = error;
      best = clip;
    }
  }
  return best;
}

double entropy_clip(const MagnitudeHistogram& h, double steps) {
  const auto levels = static_cast<std::size_t>(steps) + 1;
  double best = h.top(), least = std::numeric_limits<double>::infinity();
  const std::size_t stride = candidate_stride(h.counts.size());
  for (std::size_t edge = stride; edge <= h.counts.size(); edge += stride) {
    if (edge < levels) continue;
    const double lost = divergence(h, edge, levels);
    if (lost < least) {
      least = lost;
      best = static_cast<double>(edge) * h.width;
    }
  }
  return best;
}

}  // namespace intact
