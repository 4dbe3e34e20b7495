#include "quant/positive_scale.h"

#include <torch/autograd.h>

#include <cmath>

namespace intact {
namespace {

float positive(float p, const PositiveScaleLaw& law) {
  const float floor = kSmallestScale * law.divisor;
  const float size = std::fabs(p);
  return (size < floor ? floor : size) / law.divisor;
}

torch::Tensor map(const torch::Tensor& p, const PositiveScaleLaw& law) {
  const torch::Tensor from = p.contiguous();
  torch::Tensor s = torch::empty_like(from);
  for (int64_t i = 0; i < from.numel(); ++i)
    s.data_ptr<float>()[i] = positive(from.data_ptr<float>()[i], law);
  return s;
}

class PositiveScaleFunction : public torch::autograd::Function<PositiveScaleFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& p,
                               const PositiveScaleLaw& law) {
    context->save_for_backward({p});
    context->saved_data["factor"] = static_cast<double>(law.gradient) / static_cast<double>(law.divisor);
    return map(p, law);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const torch::Tensor p = context->get_saved_variables()[0].contiguous();
    const torch::Tensor ds = grads[0].contiguous();
    const double factor = context->saved_data["factor"].toDouble();
    torch::Tensor dp = torch::empty_like(p);
    for (int64_t i = 0; i < p.numel(); ++i) {
      const double signed_factor = p.data_ptr<float>()[i] < 0.0F ? -factor : factor;
      dp.data_ptr<float>()[i] = static_cast<float>(signed_factor * ds.data_ptr<float>()[i]);
    }
    return {std::move(dp), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor positive_scale(const torch::Tensor& p, const PositiveScaleLaw& law) {
  const torch::NoGradGuard no_grad;
  return map(p, law);
}

torch::Tensor positive_scale_ste(const torch::Tensor& p, const PositiveScaleLaw& law) {
  return PositiveScaleFunction::apply(p, law);
}

}  // namespace intact
