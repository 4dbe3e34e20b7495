// Where to clip a distribution of magnitudes before a uniform grid, from a histogram.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace intact {

// counts[i] values lie in [i width, (i + 1) width); the largest value itself counts in the last bin.
struct MagnitudeHistogram {
  std::vector<double> counts;
  double width = 0;

  double top() const { return width * static_cast<double>(counts.size()); }
};

// Of |r|, from 0 to the largest, which must be finite and above 0.
MagnitudeHistogram magnitude_histogram(std::span<const float> values, std::size_t bins);

// Each returns a clip in (0, top()]; the histogram must not be empty. steps: positive steps of the grid up to
// the clip, at least 1 (the scale is clip / steps; both signs are treated alike).

// The lowest bin edge with at least `share` of the values below it, 0 < share <= 1.
double percentile_clip(const MagnitudeHistogram& histogram, double share);

// The bin edge c that makes sum (x - Q_c(x))^2 smallest, x the bins' centres, Q_c rounding to multiples of c
// / steps and clipping at c; the lowest among equal ones.
double mean_squared_error_clip(const MagnitudeHistogram& histogram, double steps);

// The bin edge that loses the least information: the smallest Kullback-Leibler divergence of the clipped
// distribution (what is beyond the clip counted in its last bin) from the same drawn at floor(steps) + 1
// levels (Migacz, 8-bit inference with TensorRT, GTC 2017).
double entropy_clip(const MagnitudeHistogram& histogram, double steps);

}  // namespace intact
