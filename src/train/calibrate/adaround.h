// Adaptive rounding of weights (Nagel et al. 2020, Up or Down? Adaptive Rounding for Post-Training
// Quantization, arXiv 2004.10568): whether a weight goes up or down is decided by what the layer gives.
//
// A layer's weights become W~ = s clip(floor(W / s) + h(V), n, p) (equation 22), V found by Adam to make
//   mean over images and positions of |f(W x) - f(W~ x^)|^2 + lambda sum (1 - |2 h(V) - 1|^beta)
// small (equations 24 and 25): x the float network's inputs, x^ those that the quantized layers before it
// give, f batch norm, residual and rectifier. beta falls, so that h first moves freely and then to 0 or 1.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "config/experiment.h"
#include "nn/conv_layer.h"
#include "train/calibrate/sweep.h"

namespace intact {

// h(V) = clip(sigmoid(V) (zeta - gamma) + gamma, 0, 1), zeta = 1.1, gamma = -0.1 (equation 23).
// Differentiable.
torch::Tensor rectified_sigmoid(const torch::Tensor& v);
// V with h(V) = h, for 0 <= h <= 1.
torch::Tensor inverse_rectified_sigmoid(const torch::Tensor& h);

// sum (1 - |2 h - 1|^beta) (equation 24). Differentiable in h; its gradient at h = 1/2 is 0.
torch::Tensor rounding_regularizer(const torch::Tensor& h, double beta);

// beta of an iteration: from beta_start to beta_end on a cosine, over the iterations behind the warm-up.
double annealed_beta(const AdaroundConfig& config, int iteration);

struct AdaroundResult {
  double error_nearest = 0, error_rounded = 0;  // the first term over all calibration images: before, after
  std::int64_t changed = 0;                     // weights that are not rounded to nearest
};

// Replaces the layer's weights by rounded ones, which its weight quantizer, whose scale must not follow the
// weights, maps to just those integers; by those to nearest if they reconstruct better. wanted: the layer's
// outputs in the float network, a batch each. Minibatches follow from the seed and the layer. progress is
// told the iterations done.
AdaroundResult adaround(ConvLayer& conv, const AdaroundConfig& config, const Sweep& sweep,
                        const std::vector<torch::Tensor>& wanted, std::uint64_t seed,
                        const std::function<void(int)>& progress);

}  // namespace intact
