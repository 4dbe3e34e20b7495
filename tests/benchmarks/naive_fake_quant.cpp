#include "naive_fake_quant.h"

#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace intact::benchmarks {
namespace {

// LSQ (Esser et al. 2020) in tensor operations, round by the detach trick.
torch::Tensor fake_quant(const torch::Tensor& r, const torch::Tensor& step, double low, double high) {
  const double g = 1.0 / std::sqrt(static_cast<double>(r.numel()) * high);
  const torch::Tensor s = (step - step * g).detach() + step * g;
  const torch::Tensor v = torch::clamp(r / s, low, high);
  return ((torch::round(v) - v).detach() + v) * s;
}

}  // namespace

// Convolution, batch norm, and the steps of its weights and of its input.
struct Unit {
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};
  torch::Tensor weight_step, input_step;
};

struct PlainResNet8::Parts {
  bool quantize = false;
  Unit stem, a[3], b[3], shortcut[3];
  torch::nn::Linear head{nullptr};

  torch::Tensor run(Unit& u, const torch::Tensor& x) const {
    if (!quantize) return u.norm(u.conv(x));
    const torch::Tensor w = fake_quant(u.conv->weight, u.weight_step, -8, 7),
                        q = fake_quant(x, u.input_step, 0, 15);
    return u.norm(
        at::conv2d(q, w, {}, u.conv->options.stride(),
                   {u.conv->options.kernel_size()->at(0) / 2, u.conv->options.kernel_size()->at(1) / 2}));
  }
};

PlainResNet8::PlainResNet8(bool fake_quant_on) : parts_(std::make_unique<Parts>()) {
  torch::manual_seed(1);
  parts_->quantize = fake_quant_on;
  const auto make = [&](const std::string& name, int in, int out, int kernel, int stride) {
    Unit u;
    u.conv = register_module(
        name + "_conv",
        torch::nn::Conv2d(
            torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false)));
    u.norm = register_module(name + "_norm", torch::nn::BatchNorm2d(out));
    if (fake_quant_on) {
      u.weight_step = register_parameter(name + "_weight_step", torch::full({out, 1, 1, 1}, 0.05));
      u.input_step = register_parameter(name + "_input_step", torch::full({}, 0.1));
    }
    return u;
  };
  parts_->stem = make("stem", 3, 16, 3, 1);
  int in = 16;
  for (int i = 0; i < 3; ++i) {
    const int out = 16 << i, stride = i == 0 ? 1 : 2;
    const std::string block = "block" + std::to_string(i + 1);
    parts_->a[i] = make(block + "_a", in, out, 3, stride);
    parts_->b[i] = make(block + "_b", out, out, 3, 1);
    if (i > 0) parts_->shortcut[i] = make(block + "_shortcut", in, out, 1, stride);
    in = out;
  }
  parts_->head = register_module("head", torch::nn::Linear(64, 10));
  to(torch::kFloat32);
}

PlainResNet8::~PlainResNet8() = default;

torch::Tensor PlainResNet8::forward(const torch::Tensor& input) {
  torch::Tensor x = torch::relu(parts_->run(parts_->stem, input));
  for (int i = 0; i < 3; ++i) {
    const torch::Tensor y = parts_->run(parts_->b[i], torch::relu(parts_->run(parts_->a[i], x)));
    x = torch::relu(y + (i > 0 ? parts_->run(parts_->shortcut[i], x) : x));
  }
  return parts_->head(x.mean({2, 3}));
}

}  // namespace intact::benchmarks
