#include "quant/binarize.h"

#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cmath>

#include "quant/dense_layout.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr int64_t kGrain = 32768;  // elements worth a thread

INTACT_TARGET_CLONES
void sign_block(const float* r, float* v, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const float x = r[i];
    const float signed_or_nan = x < 0.0F ? -1.0F : x;
    v[i] = x >= 0.0F ? 1.0F : signed_or_nan;
  }
}

INTACT_TARGET_CLONES
void clipped_backward(const float* r, const float* gv, float* dr, int64_t n, float own) {
  for (int64_t i = 0; i < n; ++i) dr[i] = gv[i] * ((std::fabs(r[i]) <= 1.0F ? 1.0F : 0.0F) + own);
}

INTACT_TARGET_CLONES
void triangle_backward(const float* r, const float* gv, float* dr, int64_t n, float own) {
  for (int64_t i = 0; i < n; ++i) {
    const float slope = 2.0F - 2.0F * std::fabs(r[i]);
    dr[i] = gv[i] * ((slope > 0.0F ? slope : 0.0F) + own);
  }
}

struct ErrorDecay {
  float k, t;

  explicit ErrorDecay(double progress) {
    const double sharpness = 0.1 * std::pow(100.0, progress);
    t = static_cast<float>(sharpness);
    k = static_cast<float>(std::max(1.0 / sharpness, 1.0));
  }
};

void error_decay_backward(const float* r, const float* gv, float* dr, int64_t n, float own,
                          const ErrorDecay& e) {
  for (int64_t i = 0; i < n; ++i) {
    const float h = std::tanh(e.t * r[i]);
    dr[i] = gv[i] * (e.k * e.t * (1.0F - h * h) + own);
  }
}

void sign_backward(const SignSlope& slope, const float* r, const float* gv, float* dr, int64_t n, float own) {
  switch (slope.kind) {
    case StraightThrough::kClipped:
      clipped_backward(r, gv, dr, n, own);
      break;
    case StraightThrough::kApproxSign:
      triangle_backward(r, gv, dr, n, own);
      break;
    case StraightThrough::kErrorDecay:
      error_decay_backward(r, gv, dr, n, own, ErrorDecay(slope.progress));
      break;
  }
}

torch::Tensor sign_dense(const torch::Tensor& r) {
  torch::Tensor v = torch::empty_like(r);
  const float* from = r.data_ptr<float>();
  float* to = v.data_ptr<float>();
  at::parallel_for(0, r.numel(), kGrain,
                   [&](int64_t begin, int64_t end) { sign_block(from + begin, to + begin, end - begin); });
  return v;
}

class SignFunction : public torch::autograd::Function<SignFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& r,
                               const torch::Tensor& s, double own, const SignSlope& slope) {
    const torch::Tensor x = dense(r, s.dim() == 1);
    context->save_for_backward({x, s});
    context->saved_data["own"] = own;
    context->saved_data["slope"] = static_cast<int64_t>(slope.kind);
    context->saved_data["progress"] = slope.progress;
    return sign_dense(x);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& r = saved[0];
    const torch::Tensor& s = saved[1];
    const torch::Tensor gv = in_layout_of(grads[0], r);
    torch::Tensor dr = torch::empty_like(r);
    const float own = static_cast<float>(context->saved_data["own"].toDouble());
    const SignSlope slope{static_cast<StraightThrough>(context->saved_data["slope"].toInt()),
                          context->saved_data["progress"].toDouble()};
    const int64_t size = r.numel() / std::max<int64_t>(1, s.numel());
    at::parallel_for(0, s.numel(), 1 + kGrain / std::max<int64_t>(1, size), [&](int64_t begin, int64_t end) {
      for (int64_t group = begin; group < end; ++group) {
        const int64_t first = group * size;
        sign_backward(slope, r.data_ptr<float>() + first, gv.data_ptr<float>() + first,
                      dr.data_ptr<float>() + first, size, own / s.data_ptr<float>()[group]);
      }
    });
    return {std::move(dr), torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor binarize(const torch::Tensor& r) {
  const torch::NoGradGuard no_grad;
  return sign_dense(dense(r, false));
}

torch::Tensor binarize_ste(const torch::Tensor& r, const torch::Tensor& s, double own,
                           const SignSlope& slope) {
  return SignFunction::apply(r, s, own, slope);
}

}  // namespace intact
