#include "nn/norm_quantize.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/custom_class.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "nn/lanes.h"
#include "nn/norm_quantize_kernels.h"
#include "quant/libtorch.h"

namespace intact {
namespace {

constexpr std::int64_t kBlock = 16384;  // elements to a partial sum, and worth a thread's attention

const auto kLayout = torch::MemoryFormat::ChannelsLast;

// Pixels of `channels` elements, in blocks that do not depend on the number of threads.
struct Pixels {
  std::int64_t channels, elements, lanes, block;

  Pixels(std::int64_t numel, std::int64_t c)
      : channels(c),
        elements(numel),
        lanes(lanes_for(c)),
        block(lanes * std::max<std::int64_t>(1, kBlock / lanes)) {}

  std::int64_t count() const { return elements / channels; }
  std::int64_t blocks() const { return (elements + block - 1) / block; }

  template <class T>
  std::vector<float> by_lane(const std::vector<T>& by_channel) const {
    return intact::by_lane<float>(by_channel, lanes);
  }

  // f(first element, number), in parallel. Each thread starts where it ended in sum(): its last blocks are
  // still in its cache.
  template <class F>
  void for_blocks(const F& f) const {
    at::parallel_for(0, blocks(), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = end - 1; b >= begin; --b) f(b * block, std::min(block, elements - b * block));
    });
  }

  // f(first element, number, sums): adds to `kinds` arrays by lane. Returns the totals by kind and channel;
  // blocks are added in order, so that the number of threads does not matter.
  template <class F>
  std::vector<std::vector<double>> sum(std::size_t kinds, const F& f) const {
    const auto c = static_cast<std::size_t>(channels), l = static_cast<std::size_t>(lanes);
    std::vector<double> partial(static_cast<std::size_t>(blocks()) * kinds * c);
    at::parallel_for(0, blocks(), 1, [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> sums(kinds * l);
      for (std::int64_t b = begin; b < end; ++b) {
        std::fill(sums.begin(), sums.end(), 0.0F);
        f(b * block, std::min(block, elements - b * block), sums.data());
        double* to = partial.data() + static_cast<std::size_t>(b) * kinds * c;
        for (std::size_t kind = 0; kind < kinds; ++kind, to += c) {
          for (std::size_t first = 0; first < l; first += c) {
            const float* from = sums.data() + kind * l + first;
            for (std::size_t i = 0; i < c; ++i) to[i] += static_cast<double>(from[i]);
          }
        }
      }
    });
    std::vector<std::vector<double>> totals(kinds, std::vector<double>(c));
    const double* from = partial.data();
    for (std::int64_t b = 0; b < blocks(); ++b) {
      for (std::vector<double>& total : totals) {
        for (double& t : total) t += *from++;
      }
    }
    return totals;
  }
};

std::vector<double> to_doubles(const torch::Tensor& t, std::size_t channels) {
  const torch::Tensor f = t.scalar_type() == torch::kFloat32 && t.is_contiguous()
                              ? t
                              : t.detach().to(torch::kFloat32).contiguous();
  const float* from = f.data_ptr<float>();
  return f.numel() == 1 ? std::vector<double>(channels, static_cast<double>(from[0]))
                        : std::vector<double>(from, from + f.numel());
}

torch::Tensor to_tensor(const std::vector<double>& v) {
  torch::Tensor t = torch::empty({static_cast<std::int64_t>(v.size())}, torch::kFloat32);
  std::transform(v.begin(), v.end(), t.data_ptr<float>(), [](double d) { return static_cast<float>(d); });
  return t;
}

torch::Tensor to_scalar(double value) {
  torch::Tensor t = torch::empty({}, torch::kFloat32);
  *t.data_ptr<float>() = static_cast<float>(value);
  return t;
}

struct Moments {
  std::vector<double> mean, variance;  // of a; variance biased
};

Moments moments_of(const torch::Tensor& a) {
  RECORD_FUNCTION("intact::moments", std::vector<c10::IValue>());
  const Pixels pixels(a.numel(), a.size(1));
  const float* from = a.data_ptr<float>();
  // Around the first pixel: squares of what is far from 0 and close together would lose the difference.
  const std::vector<float> first(from, from + a.size(1));
  const std::vector<float> pivot = pixels.by_lane(first);
  const auto totals = pixels.sum(2, [&](std::int64_t at, std::int64_t n, float* sums) {
    add_moments(from + at, n, pixels.lanes, pivot.data(), sums, sums + pixels.lanes);
  });
  Moments m;
  const auto n = static_cast<double>(pixels.count());
  for (std::size_t c = 0; c < first.size(); ++c) {
    const double distance = totals[0][c] / n;
    m.mean.push_back(static_cast<double>(first[c]) + distance);
    m.variance.push_back(std::max(0.0, totals[1][c] / n - distance * distance));
  }
  return m;
}

// What the kernels need, by channel. xhat = (a - mean) k with k = scale / sqrt(scale^2 variance + eps), scale
// the product of its two factors in float32.
struct Channels {
  std::vector<double> scale, gamma, mean, k, inverse_std;
};

struct Plan {
  NormClamp law;  // but for what lies by lane
  bool batch = true;
  torch::Tensor exact;  // in place of v, if defined
  torch::Tensor bytes;  // to be written with v, if defined
};

// What the backward pass needs besides tensors. Kept as one object: LibTorch would box each number of a list.
struct Kept : torch::CustomClassHolder {
  Channels channels;
  std::vector<double> slope, start;
  NormClamp law;  // but for what lies by lane
  double steps = 1;
  bool batch = true;
  std::vector<double> factors[2];  // of the scale, by channel
  bool one_factor[2] = {true, true};
};

class NormClampFunction : public torch::autograd::Function<NormClampFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& a,
                               const torch::Tensor& scale, const torch::Tensor& weight_scale,
                               const torch::Tensor& /*gamma, in channels*/, const torch::Tensor& beta,
                               const torch::Tensor& residual, const torch::Tensor& residual_scale,
                               const torch::Tensor& s, const Channels& channels, const Plan& plan) {
    RECORD_FUNCTION("intact::norm_clamp", std::vector<c10::IValue>());
    const Pixels pixels(a.numel(), a.size(1));
    const bool has_residual = residual.numel() > 0;
    auto kept = c10::make_intrusive<Kept>();
    const double steps = to_doubles(s, 1)[0];
    const std::vector<double> shift = to_doubles(beta, channels.k.size());
    for (std::size_t c = 0; c < channels.k.size(); ++c) {
      kept->slope.push_back(channels.gamma[c] * channels.k[c] / steps);
      kept->start.push_back((shift[c] - channels.gamma[c] * channels.k[c] * channels.mean[c]) / steps);
    }
    NormClamp law = plan.law;
    law.lanes = pixels.lanes;
    if (has_residual) law.residual_slope = static_cast<float>(to_doubles(residual_scale, 1)[0] / steps);
    kept->law = law;
    const std::vector<float> slopes = pixels.by_lane(kept->slope), starts = pixels.by_lane(kept->start);
    law.slope = slopes.data();
    law.start = starts.data();
    torch::Tensor v = plan.exact;
    if (!v.defined()) {
      v = torch::empty_like(a);
      const float* from = a.data_ptr<float>();
      const float* other = has_residual ? residual.data_ptr<float>() : nullptr;
      float* to = v.data_ptr<float>();
      std::uint8_t* bytes = plan.bytes.defined() ? plan.bytes.data_ptr<std::uint8_t>() : nullptr;
      pixels.for_blocks([&](std::int64_t at, std::int64_t n) {
        norm_clamp_forward(law, from + at, other ? other + at : nullptr, to + at,
                           bytes ? bytes + at : nullptr, n);
      });
    }
    context->save_for_backward({a, residual});
    kept->channels = channels;
    kept->steps = steps;
    kept->batch = plan.batch;
    kept->factors[0] = to_doubles(scale, channels.k.size());
    kept->factors[1] = to_doubles(weight_scale, channels.k.size());
    kept->one_factor[0] = scale.dim() == 0;
    kept->one_factor[1] = weight_scale.dim() == 0;
    context->saved_data["kept"] = c10::IValue::make_capsule(std::move(kept));
    return v;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto tensors = context->get_saved_variables();
    const torch::Tensor &a = tensors[0], &residual = tensors[1];
    const torch::Tensor g = grads[0].contiguous(kLayout);
    const auto capsule = context->saved_data["kept"].toCapsule();
    const Kept& kept = static_cast<const Kept&>(*capsule);
    const auto& [channel_scale, gamma, mean, k, inverse_std] = kept.channels;
    const double steps = kept.steps;
    const bool has_residual = residual.numel() > 0, batch = kept.batch;

    const Pixels pixels(a.numel(), a.size(1));
    const std::vector<float> slopes = pixels.by_lane(kept.slope), starts = pixels.by_lane(kept.start),
                             centers = pixels.by_lane(mean);
    NormClamp law = kept.law;
    law.slope = slopes.data();
    law.start = starts.data();

    const float* from = a.data_ptr<float>();
    const float* other = has_residual ? residual.data_ptr<float>() : nullptr;
    const float* gradient = g.data_ptr<float>();
    enum Kind { kP, kCentered, kResidual, kAnswer, kKinds };
    const auto sums = pixels.sum(kKinds, [&](std::int64_t at, std::int64_t n, float* to) {
      NormClampSums s;
      s.center = centers.data();
      s.p = to + kP * pixels.lanes;
      s.p_centered = to + kCentered * pixels.lanes;
      s.p_residual = to + kResidual * pixels.lanes;
      s.answer = to + kAnswer * pixels.lanes;
      norm_clamp_sums(law, from + at, other ? other + at : nullptr, gradient + at, n, s);
    });

    const std::size_t channels = k.size();
    const auto count = static_cast<double>(pixels.count());
    std::vector<double> d_scale, d_gamma, d_beta, means, slants;
    double d_residual_scale = 0, d_steps = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const double p = sums[kP][c], centered = sums[kCentered][c];
      d_beta.push_back(p / steps);
      d_gamma.push_back(centered * k[c] / steps);
      // d xhat / d scale: (a - mean) eps / std^3 with the batch's statistics, a / std with given ones.
      d_scale.push_back(
          gamma[c] * inverse_std[c] / steps *
          (batch ? BatchNorm::kEps * inverse_std[c] * inverse_std[c] * centered : centered + mean[c] * p));
      means.push_back(batch ? p / count : 0.0);
      slants.push_back(batch ? centered * k[c] * k[c] / count : 0.0);
      d_residual_scale += sums[kResidual][c] / steps;
      d_steps -= sums[kAnswer][c] / steps;
    }

    torch::Tensor da = torch::empty_like(a);
    torch::Tensor d_residual = has_residual ? torch::empty_like(residual) : torch::Tensor();
    const std::vector<float> mean_lanes = pixels.by_lane(means), slant_lanes = pixels.by_lane(slants);
    NormClampGradient to;
    to.center = centers.data();
    to.mean = mean_lanes.data();
    to.slant = slant_lanes.data();
    to.da = da.data_ptr<float>();
    to.d_residual = has_residual ? d_residual.data_ptr<float>() : nullptr;
    pixels.for_blocks(
        [&](std::int64_t at, std::int64_t n) { norm_clamp_backward(law, from, other, gradient, at, n, to); });

    // Of one factor of the scale: d_scale times the other factor.
    const auto factor_gradient = [&](int factor) {
      std::vector<double> d;
      for (std::size_t c = 0; c < channels; ++c) d.push_back(d_scale[c] * kept.factors[1 - factor][c]);
      return kept.one_factor[factor] ? to_scalar(std::accumulate(d.begin(), d.end(), 0.0)) : to_tensor(d);
    };
    return {da,
            factor_gradient(0),
            factor_gradient(1),
            to_tensor(d_gamma),
            to_tensor(d_beta),
            d_residual,
            has_residual ? to_scalar(d_residual_scale) : torch::Tensor(),
            law.answer == NormClamp::Answer::kNone ? torch::Tensor() : to_scalar(d_steps),
            torch::Tensor(),
            torch::Tensor()};
  }
};

Quantized apply(const NormOperands& o, BatchNorm& norm, Statistics statistics, const torch::Tensor& s,
                const NormClamp& law, const torch::Tensor& exact) {
  const torch::Tensor a = o.a.contiguous(kLayout);
  // A function's arguments must be defined tensors.
  const bool has_residual = o.residual.defined();
  const torch::Tensor residual = has_residual ? o.residual.contiguous(kLayout) : torch::empty({0});
  const torch::Tensor residual_scale = has_residual ? o.residual_scale : torch::empty({0});
  const auto count = static_cast<std::size_t>(a.size(1));
  Plan plan;
  plan.law = law;
  if (exact.defined()) {
    plan.exact = exact.contiguous(kLayout);
  } else if (law.value != NormClamp::Value::kClamp &&
             ((law.lo >= 0 && law.hi <= 255) || (law.lo >= -128 && law.hi <= 127))) {
    plan.bytes = torch::empty({a.numel()}, torch::kUInt8);
  }
  plan.batch = statistics != Statistics::kRunning;
  Channels channels;
  const torch::Tensor weight_scale = o.weight_scale.defined() ? o.weight_scale : torch::ones({});
  channels.scale = to_doubles(o.scale, count);
  const std::vector<double> weight_scales = to_doubles(weight_scale, count);
  for (std::size_t c = 0; c < count; ++c)
    channels.scale[c] =
        static_cast<double>(static_cast<float>(channels.scale[c]) * static_cast<float>(weight_scales[c]));
  channels.gamma = to_doubles(norm.gamma, count);
  Moments m;
  if (plan.batch) {
    m = moments_of(a.detach());
  } else {
    m.mean = to_doubles(norm.mean, count);
    m.variance = to_doubles(norm.variance, count);
    for (std::size_t c = 0; c < count; ++c) {  // of a, not of a scale
      m.mean[c] /= channels.scale[c];
      m.variance[c] /= channels.scale[c] * channels.scale[c];
    }
  }
  channels.mean = m.mean;
  for (std::size_t c = 0; c < count; ++c) {
    const double scale = channels.scale[c];
    const double inverse = 1.0 / std::sqrt(scale * scale * m.variance[c] + BatchNorm::kEps);
    channels.inverse_std.push_back(inverse);
    channels.k.push_back(scale * inverse);
    m.mean[c] *= scale;
    m.variance[c] *= scale * scale;
  }
  torch::Tensor v = NormClampFunction::apply(a, o.scale, weight_scale, norm.gamma, norm.beta, residual,
                                             residual_scale, s, channels, plan);
  if (plan.batch) norm.track(m.mean, m.variance, statistics);
  return {v, plan.bytes};
}

}  // namespace

Quantized norm_quantize(const NormOperands& operands, BatchNorm& norm, Statistics statistics,
                        const RoundClampForm& form, const torch::Tensor& exact) {
  NormClamp law;
  if (form.sign) law.value = NormClamp::Value::kSign;
  law.lo = form.law.lo;
  law.hi = form.law.hi;
  law.pass_lo = form.law.pass_lo;
  law.pass_hi = form.law.pass_hi;
  switch (form.law.scale_gradient) {
    case ScaleGradient::kNone:
      law.answer = NormClamp::Answer::kNone;
      break;
    case ScaleGradient::kStep:
      law.answer = NormClamp::Answer::kStep;
      break;
    case ScaleGradient::kClip:
      law.answer = NormClamp::Answer::kClip;
      break;
  }
  law.above = form.law.fixed_ceiling ? form.law.hi : 0.0F;
  return apply(operands, norm, statistics, form.s, law, exact);
}

torch::Tensor norm_clamp(const NormOperands& operands, BatchNorm& norm, Statistics statistics, float lo,
                         float hi) {
  NormClamp law;
  law.value = NormClamp::Value::kClamp;
  law.lo = law.pass_lo = lo;
  law.hi = law.pass_hi = hi;
  return apply(operands, norm, statistics, torch::ones({}), law, {}).v;
}

}  // namespace intact
