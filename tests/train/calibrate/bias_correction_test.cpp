// Behind the correction every channel's mean is the float network's, whatever quantization did to it.
#include "train/calibrate/bias_correction.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "config/load.h"

namespace intact {
namespace {

std::shared_ptr<Network> two_bit_network(const std::string& stem) {
  const auto network =
      build_network(parse_config("name: n\ndata: {path: unused, mean: 0.5, std: 0.25}\nmodel:\n  layers:\n"
                                 "    - {name: stem, type: conv, out: 5, kernel: 3, " +
                                     stem +
                                     ", activation: relu}\n"
                                     "    - {name: fc, type: linear, out: 3}\n"
                                     "quantization: {weights: {bits: 2}, activations: {bits: 2}}\n"
                                     "train: {phases: [{kind: qat}]}\n",
                                 "config"),
                    {6, 6, 2});
  network->eval();
  return network;
}

Sweep sweep_over(const Network& network) {
  torch::manual_seed(3);
  std::vector<torch::Tensor> images;
  for (int i = 0; i < 3; ++i) images.push_back((torch::rand({4, 6, 6, 2}) * 256).to(torch::kUInt8));
  return {network, images};
}

torch::Tensor quantized_means(ConvLayer& conv, const Sweep& sweep) {
  const torch::NoGradGuard no_grad;
  const IntTensor w = conv.weight_quantizer().to_int(conv.weight());
  std::vector<torch::Tensor> reals;
  for (std::size_t b = 0; b < sweep.batches(); ++b)
    reals.push_back(conv.quantized_reals(sweep.got_inputs(conv, b), w.v * w.s.view({-1, 1, 1, 1})));
  return torch::cat(reals).mean({0, 2, 3});
}

TEST(BiasCorrection, MovesBetaOrBiasUntilTheMeansMeet) {
  for (const char* offset : {"batch_norm: true", "bias: true"}) {
    const auto network = two_bit_network(offset);
    const Sweep sweep = sweep_over(*network);
    ConvLayer& conv = *network->layers()[0]->convolution();
    conv.weight_quantizer().observe(conv.weight().detach());
    const torch::Tensor wanted = wanted_means(conv, sweep);
    ASSERT_GT((quantized_means(conv, sweep) - wanted).abs().max().item<double>(), 0.01);
    ASSERT_TRUE(correct_bias(conv, sweep, wanted));
    EXPECT_TRUE(torch::allclose(quantized_means(conv, sweep), wanted, 0, 1e-5)) << offset;
  }
}

TEST(BiasCorrection, NeedsAnOffset) {
  const auto network = two_bit_network("bias: false");
  const Sweep sweep = sweep_over(*network);
  ConvLayer& conv = *network->layers()[0]->convolution();
  conv.weight_quantizer().observe(conv.weight().detach());
  EXPECT_FALSE(correct_bias(conv, sweep, wanted_means(conv, sweep)));
}

}  // namespace
}  // namespace intact
