#include "nn/conv_layer.h"

#include "quant/libtorch.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "integer/derive.h"
#include "nn/float_conv.h"
#include "nn/int8_conv.h"
#include "nn/norm_quantize.h"
#include "nn/requantize_tensor.h"

namespace intact {
namespace {

torch::Tensor initial_weight(const ConvLayerOptions& o) {
  const std::int64_t in = o.in.c / o.groups;
  const double deviation = std::sqrt(2.0 / static_cast<double>(in * o.window.kernel_h * o.window.kernel_w));
  torch::Tensor w = torch::empty({o.out.c, in, o.window.kernel_h, o.window.kernel_w});
  RandomStream random(o.seed, {0x77656967687473ULL, static_cast<std::uint64_t>(o.output)});
  float* to = w.data_ptr<float>();
  for (std::int64_t i = 0; i < w.numel(); ++i) {  // Box-Muller
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
    to[i] = static_cast<float>(deviation * radius * std::cos(2.0 * std::numbers::pi * random.uniform()));
  }
  return w.contiguous(torch::MemoryFormat::ChannelsLast);
}

std::vector<double> doubles(const torch::Tensor& t) {
  const torch::Tensor d = t.detach().to(torch::kFloat64).contiguous().view({-1});
  return {d.data_ptr<double>(), d.data_ptr<double>() + d.numel()};
}

torch::Tensor fast_conv(const IntTensor& x, const torch::Tensor& w, const ConvGeometry& geometry) {
  if (auto sums = int8_conv(x, w, geometry)) return *sums;
  return float_conv(x.v, w, geometry);
}

torch::Tensor per_channel(const torch::Tensor& scale) {
  return scale.dim() == 0 ? scale : scale.view({1, -1, 1, 1});
}

}  // namespace

ConvLayer::ConvLayer(const ConvLayerOptions& options)
    : Layer(options.name, options.inputs, options.output), options_(options) {
  weight_ = register_parameter("weight", initial_weight(options));
  if (options.batch_norm) {
    norm_ = register_module("norm", std::make_shared<BatchNorm>(options.out.c));
  } else if (options.bias) {
    bias_ = register_parameter("bias", torch::zeros({options.out.c}));
  }
  weight_quantizer_ =
      register_module("weight_quantizer", make_weight_quantizer(options.weight_quant, options.out.c));
  if (!options.classifier) {
    activation_.emplace(options.activation, options.activation_quant, false);
    register_module("activation_quantizer", activation_->quantizer());
  }
}

ConvGeometry ConvLayer::geometry(const Grid& in) const {
  return {options_.window, options_.groups, in.kind == GridKind::kBipolar ? -1.0 : 0.0};
}

torch::Tensor ConvLayer::normalize(const torch::Tensor& y, Statistics statistics) {
  if (norm_) return norm_->forward(y, statistics);
  return bias_.defined() ? y + bias_.view({1, -1, 1, 1}) : y;
}

torch::Tensor ConvLayer::forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) {
  if (pass.observe && !weight_quantizer_->initialized()) weight_quantizer_->observe(weight_.detach());
  const torch::Tensor a = float_conv(in[0], weight_, {options_.window, options_.groups, 0.0});
  if (norm_ && !options_.classifier && !pass.observe) {
    NormOperands operands{a, torch::ones({}), {}, {}};
    if (in.size() > 1) {
      operands.residual = in[1];
      operands.residual_scale = torch::ones({});
    }
    const auto [lo, hi] = activation_->float_clamp();
    return norm_clamp(operands, *norm_, pass.statistics, lo, hi);
  }
  torch::Tensor y = normalize(a, pass.statistics);
  if (options_.classifier) return y;
  if (in.size() > 1) y = y + in[1];
  if (pass.observe) activation_->observe(y);
  return activation_->apply_float(y);
}

IntTensor ConvLayer::forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) {
  if (!weight_quantizer_->initialized()) weight_quantizer_->observe(weight_.detach());
  const IntTensor w = weight_quantizer_->forward(weight_);
  const IntTensor& x = in[0];
  const torch::Tensor a = pass.exact ? exact_conv(x.v, w.v, geometry(x.grid), x.grid.vmax())
                                     : fast_conv(x, w.v, geometry(x.grid));
  if (options_.classifier) return forward_logits(a, x.s * w.s, pass);

  torch::Tensor exact;
  if (pass.exact) {
    const Node& node = pass.exact->nodes.at(static_cast<std::size_t>(output() - 1));
    const Grid& grid = pass.exact->tensors.at(static_cast<std::size_t>(output())).grid;
    exact = requantize(a, node.state.q, grid, in.size() > 1 ? in[1].v : torch::Tensor());
  }
  return normalize_and_quantize(a.to(torch::kFloat32), w.s, in, pass.statistics, exact);
}

IntTensor ConvLayer::normalize_and_quantize(const torch::Tensor& a, const torch::Tensor& weight_scale,
                                            const std::vector<IntTensor>& in, Statistics statistics,
                                            const torch::Tensor& exact) {
  const bool residual = in.size() > 1;
  const Shape& out = options_.out;
  if (norm_) {
    if (const auto form = activation_->quantizer()->round_clamp_form(std::int64_t{out.h} * out.w * out.c)) {
      NormOperands operands{a, in[0].s, {}, {}, weight_scale};
      if (residual) {
        operands.residual = in[1].v;
        operands.residual_scale = in[1].s;
      }
      Quantized q = norm_quantize(operands, *norm_, statistics, *form, exact);
      return {std::move(q.v), form->s, form->grid, std::move(q.bytes)};
    }
  }
  torch::Tensor y = normalize(a * per_channel(in[0].s * weight_scale), statistics);
  if (residual) y = y + in[1].v * in[1].s;
  IntTensor quantized = activation_->quantize(y);
  if (exact.defined()) quantized.v = with_exact_value(exact, quantized.v);
  return quantized;
}

// v = a + b with the integer bias b = floor(bias / s + 1/2), straight-through in the bias; the real logits
// are v * s.
IntTensor ConvLayer::forward_logits(const torch::Tensor& a, const torch::Tensor& scale,
                                    const QuantPass& pass) const {
  torch::Tensor v = a.to(torch::kFloat32);
  if (bias_.defined()) {
    const torch::Tensor b = bias_ / scale;
    v = v + (b + (torch::floor(b + 0.5) - b).detach()).view({1, -1, 1, 1});
  }
  if (pass.exact) {
    const Node& node = pass.exact->nodes.at(static_cast<std::size_t>(output() - 1));
    v = with_exact_value(logits(a, node.state.q), v.to(torch::kFloat64)).to(torch::kFloat32);
  }
  return {v, scale, Grid::int32()};
}

void ConvLayer::freeze(Graph& graph) const {
  if (!weight_quantizer_->initialized()) {
    throw Error("layer " + name() + ": its weight quantizer has no range yet; add a calibrate or qat phase");
  }
  torch::NoGradGuard no_grad;
  const TensorInfo& x = graph.tensors.at(static_cast<std::size_t>(inputs()[0]));
  const IntTensor w = weight_quantizer_->to_int(weight_.detach());
  const torch::Tensor codes = w.v.permute({0, 2, 3, 1}).contiguous().to(torch::kInt8);

  IntState state;
  state.op = Op::kConv;
  state.window = options_.window;
  state.groups = options_.groups;
  state.pad_code = x.grid.kind == GridKind::kBipolar ? -1 : x.grid.z;
  state.weight_grid = w.grid;
  state.weights.assign(codes.data_ptr<std::int8_t>(), codes.data_ptr<std::int8_t>() + codes.numel());

  const std::vector<double> s_w = doubles(w.s);
  const std::vector<double> bias = bias_.defined() ? doubles(bias_) : std::vector<double>{};
  ConvParameters p;
  p.layer = name();
  p.weights = state.weights;
  p.out_channels = options_.out.c;
  p.vmax = x.grid.vmax();
  p.s_x = x.scale;
  p.s_w = s_w;
  p.bias = bias;

  TensorInfo out;
  if (options_.classifier) {
    state.q = derive_logits(p);
    out = TensorInfo{name(), options_.out, Grid::int32(), x.scale * s_w.at(0)};
  } else {
    std::vector<double> gamma, beta, mean, variance;
    BatchNormParameters norm;
    if (norm_) {
      gamma = doubles(norm_->gamma);
      beta = doubles(norm_->beta);
      mean = doubles(norm_->mean);
      variance = doubles(norm_->variance);
      norm = BatchNormParameters{gamma, beta, mean, variance, BatchNorm::kEps};
      p.batch_norm = &norm;
    }
    out = activation_->info(name(), options_.out);
    ResidualParameters residual;
    state.residual = inputs().size() > 1;
    if (state.residual) {
      const TensorInfo& other = graph.tensors.at(static_cast<std::size_t>(inputs()[1]));
      residual = ResidualParameters{other.scale, other.grid.vmax()};
    }
    state.q = derive_conv(p, out.grid, out.scale, state.residual ? &residual : nullptr);
  }
  graph.tensors.push_back(std::move(out));
  graph.nodes.push_back(Node{std::move(state), inputs(), output()});
}

std::vector<torch::Tensor> ConvLayer::quantizer_parameters() const {
  std::vector<torch::Tensor> all = weight_quantizer_->parameters();
  if (activation_) {
    for (const torch::Tensor& p : activation_->quantizer()->parameters()) all.push_back(p);
  }
  return all;
}

std::vector<std::shared_ptr<Quantizer>> ConvLayer::quantizers() const {
  std::vector<std::shared_ptr<Quantizer>> all{weight_quantizer_};
  if (activation_) all.push_back(activation_->quantizer());
  return all;
}

}  // namespace intact
