#include "quant/round_clamp.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/autograd.h>
#include <torch/custom_class.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/error.h"
#include "quant/dense_layout.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

constexpr int64_t kBlock = 4096;   // elements per partial sum
constexpr int64_t kGrain = 32768;  // elements worth a thread
constexpr int kLanes = 16;

INTACT_TARGET_CLONES
void forward_block(const float* r, float* v, int64_t n, float s, float lo, float hi) {
  for (int64_t i = 0; i < n; ++i) v[i] = round_clamp(r[i], s, lo, hi);
}

struct BlockLaw {
  float s, inverse, lo, hi, pass_lo, pass_hi;
  float above;  // -s dv/ds where u >= pass_hi
};

INTACT_TARGET_CLONES
void backward_block(const float* r, const float* gv, float* dr, int64_t n, const BlockLaw& law) {
  const BlockLaw k = law;
  for (int64_t i = 0; i < n; ++i) {
    const float u = r[i] / k.s;
    const bool pass = (u > k.pass_lo) & (u < k.pass_hi);
    dr[i] = pass ? gv[i] * k.inverse : 0.0F;
  }
}

// The same and the block's sum of gv * (-s dv/ds). Lane j sums the elements i = j modulo 16 in order, then
// the lanes are added in order: a fixed order that vectorizes.
template <bool kClip>
[[gnu::always_inline]] inline double backward_block_with_scale(const float* r, const float* gv, float* dr,
                                                               int64_t n, const BlockLaw& law) {
  const BlockLaw k = law;
  std::array<float, kLanes> sums{};
  const auto element = [&](int64_t i, int lane) __attribute__((always_inline)) {
    const float u = r[i] / k.s;
    const float inside = kClip ? round_clamp(r[i], k.s, k.lo, k.hi) : u;
    const bool pass = (u > k.pass_lo) & (u < k.pass_hi);
    dr[i] = pass ? gv[i] * k.inverse : 0.0F;
    // Selected one after the other, so that compilers make vector selects and no branches.
    float answer = u >= k.pass_hi ? k.above : 0.0F;
    answer = pass ? inside : answer;
    sums[static_cast<size_t>(lane)] += gv[i] * answer;
  };
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) element(i + lane, lane);
  }
  for (int lane = 0; i + lane < n; ++lane) element(i + lane, lane);
  double total = 0;
  for (const float sum : sums) total += sum;
  return total;
}

INTACT_TARGET_CLONES
double backward_block_step(const float* r, const float* gv, float* dr, int64_t n, const BlockLaw& law) {
  return backward_block_with_scale<false>(r, gv, dr, n, law);
}

INTACT_TARGET_CLONES
double backward_block_clip(const float* r, const float* gv, float* dr, int64_t n, const BlockLaw& law) {
  return backward_block_with_scale<true>(r, gv, dr, n, law);
}

// Splits a tensor of `groups` scales into blocks that do not depend on the number of threads.
struct Blocks {
  int64_t groups, group_size, per_group;

  Blocks(int64_t numel, int64_t group_count)
      : groups(group_count), group_size(numel / group_count), per_group((group_size + kBlock - 1) / kBlock) {}

  int64_t count() const { return groups * per_group; }

  // f(block, group, first element, number of elements), in parallel.
  template <class F>
  void for_each(const F& f) const {
    const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, std::min(group_size, kBlock)));
    at::parallel_for(0, count(), grain, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; ++block) {
        const int64_t group = block / per_group;
        const int64_t start = (block % per_group) * kBlock;
        f(block, group, group * group_size + start, std::min(kBlock, group_size - start));
      }
    });
  }
};

void check_scale(const torch::Tensor& r, const torch::Tensor& s) {
  const bool per_tensor = s.dim() == 0;
  const bool per_channel = s.dim() == 1 && r.dim() >= 1 && s.size(0) == r.size(0) && s.is_contiguous();
  if (!(per_tensor || per_channel) || !s.device().is_cpu() || s.scalar_type() != torch::kFloat32) {
    throw Error("a quantizer's scale must be float32 on the CPU, 0-dim or one per index of dimension 0");
  }
}

torch::Tensor round_clamp_dense(const torch::Tensor& r, const torch::Tensor& s, const RoundClampLaw& law) {
  torch::Tensor v = torch::empty_like(r);
  if (r.numel() == 0) return v;
  const float* from = r.data_ptr<float>();
  const float* scales = s.data_ptr<float>();
  float* to = v.data_ptr<float>();
  Blocks(r.numel(), s.numel()).for_each([&](int64_t, int64_t group, int64_t first, int64_t n) {
    forward_block(from + first, to + first, n, scales[group], law.lo, law.hi);
  });
  return v;
}

// Writes the gradient of r and returns the gradient of s (undefined unless the scale learns).
torch::Tensor round_clamp_backward(const torch::Tensor& r, const torch::Tensor& s, const torch::Tensor& gv,
                                   const RoundClampLaw& law, torch::Tensor& dr) {
  const bool learns = law.scale_gradient != ScaleGradient::kNone;
  torch::Tensor ds = learns ? torch::zeros_like(s) : torch::Tensor();
  if (r.numel() == 0) return ds;
  const float* from = r.data_ptr<float>();
  const float* scales = s.data_ptr<float>();
  const float* grad = gv.data_ptr<float>();
  float* to = dr.data_ptr<float>();
  const Blocks blocks(r.numel(), s.numel());
  std::vector<double> partial(learns ? static_cast<size_t>(blocks.count()) : 0);
  blocks.for_each([&](int64_t block, int64_t group, int64_t first, int64_t n) {
    const BlockLaw k{scales[group],
                     1.0F / scales[group],
                     law.lo,
                     law.hi,
                     law.pass_lo,
                     law.pass_hi,
                     law.fixed_ceiling ? law.hi : 0.0F};
    switch (law.scale_gradient) {
      case ScaleGradient::kNone:
        backward_block(from + first, grad + first, to + first, n, k);
        break;
      case ScaleGradient::kStep:
        partial[static_cast<size_t>(block)] =
            backward_block_step(from + first, grad + first, to + first, n, k);
        break;
      case ScaleGradient::kClip:
        partial[static_cast<size_t>(block)] =
            backward_block_clip(from + first, grad + first, to + first, n, k);
        break;
    }
  });
  if (!learns) return ds;
  float* out = ds.data_ptr<float>();
  for (int64_t group = 0; group < blocks.groups; ++group) {
    double sum = 0;
    for (int64_t b = 0; b < blocks.per_group; ++b)
      sum += partial[static_cast<size_t>(group * blocks.per_group + b)];
    out[group] = static_cast<float>(-sum / static_cast<double>(scales[group]));
  }
  return ds;
}

struct KeptLaw : torch::CustomClassHolder {
  RoundClampLaw law;
};

class RoundClampFunction : public torch::autograd::Function<RoundClampFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& r,
                               const torch::Tensor& s, const RoundClampLaw& law) {
    RECORD_FUNCTION("intact::round_clamp", std::vector<c10::IValue>());
    check_scale(r, s);
    const torch::Tensor x = dense(r, s.dim() == 1);
    context->save_for_backward({x, s});
    auto kept = c10::make_intrusive<KeptLaw>();
    kept->law = law;
    context->saved_data["law"] = c10::IValue::make_capsule(std::move(kept));
    return round_clamp_dense(x, s, law);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto capsule = context->saved_data["law"].toCapsule();
    RoundClampLaw law = static_cast<const KeptLaw&>(*capsule).law;
    if (!context->needs_input_grad(1)) law.scale_gradient = ScaleGradient::kNone;
    torch::Tensor dr = torch::empty_like(saved[0]);
    torch::Tensor ds = round_clamp_backward(saved[0], saved[1], in_layout_of(grads[0], saved[0]), law, dr);
    return {std::move(dr), std::move(ds), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor round_clamp(const torch::Tensor& r, const torch::Tensor& s, const RoundClampLaw& law) {
  const torch::NoGradGuard no_grad;
  check_scale(r, s);
  return round_clamp_dense(dense(r, s.dim() == 1), s, law);
}

torch::Tensor round_clamp_ste(const torch::Tensor& r, const torch::Tensor& s, const RoundClampLaw& law) {
  return RoundClampFunction::apply(r, s, law);
}

}  // namespace intact
