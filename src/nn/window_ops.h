// Sums and maxima over pooling windows, for centred integers and for reals alike. Differentiable.
#pragma once

#include <torch/types.h>

#include "integer/int_state.h"

namespace intact {

// Sum over each window; outside the image 0. x: [N, C, H, W]. Over integers exact while window size * max |x|
// < 2^24.
torch::Tensor window_sum(const torch::Tensor& x, const Window& window);

// Maximum over the positions inside the image.
torch::Tensor window_max(const torch::Tensor& x, const Window& window);

}  // namespace intact
