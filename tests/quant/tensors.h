// Small tensors for the quantizers' tests.
#pragma once

#include "quant/libtorch.h"

#include <vector>

#include "core/random.h"

namespace intact::test {

inline torch::Tensor floats(const std::vector<float>& values) {
  return torch::tensor(values, torch::kFloat32);
}

inline torch::Tensor floats(const std::vector<float>& values, torch::IntArrayRef shape) {
  return floats(values).view(shape);
}

inline std::vector<float> values(const torch::Tensor& t) {
  const torch::Tensor x = t.detach().contiguous();
  return {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()};
}

// Uniform in (-span, span), the same on every machine.
inline torch::Tensor random_tensor(torch::IntArrayRef shape, double span, std::uint64_t key) {
  RandomStream stream(20240607, {key});
  torch::Tensor t = torch::empty(shape, torch::kFloat32);
  for (int64_t i = 0; i < t.numel(); ++i) {
    t.data_ptr<float>()[i] = static_cast<float>(span * (2.0 * stream.uniform() - 1.0));
  }
  return t;
}

// Sets a learned parameter (step, alpha).
inline void set_parameter(torch::nn::Module& module, const std::string& name, const torch::Tensor& value) {
  const torch::NoGradGuard no_grad;
  module.named_parameters()[name].copy_(value);
}

// d sum(weights * v * s) / d everything; returns the gradient of r.
inline torch::Tensor backward(const torch::Tensor& v, const torch::Tensor& s, const torch::Tensor& weights,
                              const torch::Tensor& r) {
  std::vector<int64_t> shape(static_cast<size_t>(v.dim()), 1);
  if (s.dim() == 1) shape[0] = s.size(0);
  (v * s.view(s.dim() == 1 ? torch::IntArrayRef(shape) : torch::IntArrayRef{}) * weights).sum().backward();
  return r.grad();
}

}  // namespace intact::test
