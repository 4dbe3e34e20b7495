#include "train/calibrate/bias_correction.h"

#include "quant/libtorch.h"

#include <functional>

namespace intact {
namespace {

// Over images and positions of all batches; batches weigh by their images.
torch::Tensor mean_by_channel(const Sweep& sweep, const std::function<torch::Tensor(std::size_t)>& reals) {
  torch::Tensor sum;
  double count = 0;
  for (std::size_t b = 0; b < sweep.batches(); ++b) {
    const torch::Tensor y = reals(b).to(torch::kFloat64);
    const torch::Tensor part = y.sum({0, 2, 3});
    sum = sum.defined() ? sum + part : part;
    count += static_cast<double>(y.numel() / y.size(1));
  }
  return (sum / count).to(torch::kFloat32);
}

}  // namespace

torch::Tensor wanted_means(const ConvLayer& conv, const Sweep& sweep) {
  return mean_by_channel(sweep,
                         [&](std::size_t b) { return conv.float_reals(sweep.wanted_inputs(conv, b)); });
}

bool correct_bias(ConvLayer& conv, const Sweep& sweep, const torch::Tensor& wanted) {
  const torch::NoGradGuard no_grad;
  const IntTensor w = conv.weight_quantizer().to_int(conv.weight());
  const torch::Tensor weight = w.v * (w.s.dim() == 0 ? w.s : w.s.view({-1, 1, 1, 1}));
  const torch::Tensor got = mean_by_channel(
      sweep, [&](std::size_t b) { return conv.quantized_reals(sweep.got_inputs(conv, b), weight); });
  return conv.add_offset(wanted - got);
}

}  // namespace intact
