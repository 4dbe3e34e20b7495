#include "train/calibrate/adaround.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/random.h"

namespace intact {
namespace {

constexpr double kZeta = 1.1, kGamma = -0.1;

// Of all calibration images: the layer's quantized inputs and wanted outputs, [N, H, W, C].
struct Samples {
  std::vector<IntTensor> inputs;  // v in that order
  torch::Tensor wanted;
};

torch::Tensor channels_behind(const torch::Tensor& t) {
  return t.permute({0, 2, 3, 1}).contiguous();
}

Samples samples_of(const ConvLayer& conv, const Sweep& sweep, const std::vector<torch::Tensor>& wanted) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> outputs;
  std::vector<std::vector<torch::Tensor>> values(conv.inputs().size());
  for (std::size_t b = 0; b < sweep.batches(); ++b) {
    outputs.push_back(channels_behind(wanted[b]));
    const std::vector<IntTensor> in = sweep.got_inputs(conv, b);
    for (std::size_t i = 0; i < in.size(); ++i) values[i].push_back(channels_behind(in[i].v));
  }
  Samples samples{sweep.got_inputs(conv, 0), torch::cat(outputs)};
  for (std::size_t i = 0; i < values.size(); ++i) samples.inputs[i].v = torch::cat(values[i]);
  return samples;
}

// Those that `rows` names, or all, as the layer reads them.
Samples picked(const Samples& samples, const torch::Tensor& rows) {
  const auto pick = [&](const torch::Tensor& t) { return t.index_select(0, rows).permute({0, 3, 1, 2}); };
  Samples some{{}, pick(samples.wanted)};
  for (const IntTensor& input : samples.inputs) some.inputs.push_back({pick(input.v), input.s, input.grid});
  return some;
}

// Sum over channels, mean over images and positions.
torch::Tensor reconstruction_error(const ConvLayer& conv, const Samples& batch, const torch::Tensor& weight) {
  const torch::Tensor y = conv.rectify(conv.quantized_reals(batch.inputs, weight));
  return (y - batch.wanted).square().sum(1).mean();
}

double error_of_all(const ConvLayer& conv, const Samples& samples, const torch::Tensor& weight) {
  const torch::NoGradGuard no_grad;
  constexpr std::int64_t kImages = 128;
  const std::int64_t n = samples.wanted.size(0);
  double sum = 0;
  for (std::int64_t first = 0; first < n; first += kImages) {
    const std::int64_t count = std::min(kImages, n - first);
    const Samples batch = picked(samples, torch::arange(first, first + count));
    sum += reconstruction_error(conv, batch, weight).item<double>() * static_cast<double>(count);
  }
  return sum / static_cast<double>(n);
}

torch::Tensor random_rows(RandomStream& random, std::int64_t of, int count) {
  torch::Tensor rows = torch::empty({count}, torch::kInt64);
  for (int i = 0; i < count; ++i)
    rows.data_ptr<std::int64_t>()[i] = random.below(static_cast<std::uint32_t>(of));
  return rows;
}

int warmup_of(const AdaroundConfig& config) {
  return static_cast<int>(std::lround(config.warmup * config.iterations));
}

}  // namespace

torch::Tensor rectified_sigmoid(const torch::Tensor& v) {
  return torch::clamp(torch::sigmoid(v) * (kZeta - kGamma) + kGamma, 0, 1);
}

torch::Tensor inverse_rectified_sigmoid(const torch::Tensor& h) {
  return -torch::log((kZeta - kGamma) / (h - kGamma) - 1);
}

torch::Tensor rounding_regularizer(const torch::Tensor& h, double beta) {
  return (1 - (2 * h - 1).abs().pow(beta)).sum();
}

double annealed_beta(const AdaroundConfig& config, int iteration) {
  const int warmup = warmup_of(config);
  const int span = std::max(1, config.iterations - 1 - warmup);
  const double share = std::clamp(static_cast<double>(iteration - warmup) / span, 0.0, 1.0);
  return config.beta_end +
         (config.beta_start - config.beta_end) * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

AdaroundResult adaround(ConvLayer& conv, const AdaroundConfig& config, const Sweep& sweep,
                        const std::vector<torch::Tensor>& wanted, std::uint64_t seed,
                        const std::function<void(int)>& progress) {
  const IntTensor nearest = conv.weight_quantizer().to_int(conv.weight().detach());
  const torch::Tensor s = nearest.s.dim() == 0 ? nearest.s : nearest.s.view({-1, 1, 1, 1});
  const torch::Tensor ratio = conv.weight().detach() / s, down = torch::floor(ratio);
  const auto codes = [&](const torch::Tensor& h) {
    return torch::clamp(down + h, nearest.grid.qmin, nearest.grid.qmax);
  };
  const Samples samples = samples_of(conv, sweep, wanted);
  torch::Tensor v = inverse_rectified_sigmoid(ratio - down).detach().requires_grad_(true);
  {
    const torch::AutoGradMode gradients(true);
    torch::optim::Adam optimizer({v}, torch::optim::AdamOptions(config.lr));
    RandomStream random(seed, {0x61646172ULL, static_cast<std::uint64_t>(conv.output())});
    for (int i = 0; i < config.iterations; ++i) {
      const Samples batch = picked(samples, random_rows(random, samples.wanted.size(0), config.batch_size));
      const torch::Tensor h = rectified_sigmoid(v);
      torch::Tensor loss = reconstruction_error(conv, batch, codes(h) * s);
      if (i >= warmup_of(config))
        loss = loss + config.regularizer * rounding_regularizer(h, annealed_beta(config, i));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      progress(i + 1);
    }
  }
  const torch::Tensor rounded = codes((rectified_sigmoid(v.detach()) >= 0.5).to(torch::kFloat32));
  AdaroundResult result;
  result.error_nearest = error_of_all(conv, samples, nearest.v * s);
  result.error_rounded = error_of_all(conv, samples, rounded * s);
  if (!(result.error_rounded < result.error_nearest)) {
    result.error_rounded = result.error_nearest;
    return result;
  }
  result.changed = rounded.ne(nearest.v).sum().item<std::int64_t>();
  conv.set_weight(rounded * s);
  if (!torch::equal(conv.weight_quantizer().to_int(conv.weight().detach()).v, rounded))
    throw Error("layer " + conv.name() + ": its weight quantizer does not keep rounded weights");
  return result;
}

}  // namespace intact
