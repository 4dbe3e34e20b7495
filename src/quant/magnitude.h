// Magnitudes of weights, per output channel or of the whole tensor; the same bits for every thread count and
// memory layout.
#pragma once

#include <torch/types.h>

#include <string_view>

namespace intact {

// max |w|, float32. by_channel: one value per index of dimension 0; else 0-dim. NaN is passed over. No
// gradient.
torch::Tensor max_magnitude(const torch::Tensor& w, bool by_channel);

// mean |w|, summed in double.
torch::Tensor mean_magnitude(const torch::Tensor& w, bool by_channel);

// Throws Error naming the quantizer, which of its tensors ("values"), the first element that is not finite,
// and what to do.
void require_finite(const torch::Tensor& t, std::string_view quantizer, std::string_view part);

}  // namespace intact
