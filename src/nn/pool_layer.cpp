#include "nn/pool_layer.h"

#include "quant/libtorch.h"

#include "integer/derive.h"
#include "nn/requantize_tensor.h"
#include "nn/window_ops.h"

namespace intact {

torch::Tensor MaxPoolLayer::forward_float(const std::vector<torch::Tensor>& in, const FloatPass&) {
  return window_max(in[0], window_);
}

IntTensor MaxPoolLayer::forward_quantized(const std::vector<IntTensor>& in, const QuantPass&) {
  return {window_max(in[0].v, window_), in[0].s, in[0].grid};
}

void MaxPoolLayer::freeze(Graph& graph) const {
  TensorInfo out = graph.tensors.at(static_cast<std::size_t>(inputs()[0]));
  out.name = name();
  out.shape = out_;
  IntState state;
  state.op = Op::kMaxPool;
  state.window = window_;
  graph.tensors.push_back(std::move(out));
  graph.nodes.push_back(Node{std::move(state), inputs(), output()});
}

AvgPoolLayer::AvgPoolLayer(const std::string& name, int input, int output, const Shape& out,
                           const Window& window, const ActivationQuantConfig& config, bool rectified)
    : Layer(name, {input}, output),
      out_(out),
      window_(window),
      activation_(ActivationKind::kNone, config, rectified) {
  register_module("activation_quantizer", activation_.quantizer());
}

torch::Tensor AvgPoolLayer::forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) {
  const torch::Tensor y = window_sum(in[0], window_) / count();
  if (pass.observe) activation_.observe(y);
  return activation_.apply_float(y);
}

IntTensor AvgPoolLayer::forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) {
  const IntTensor& x = in[0];
  const bool single =
      count() * static_cast<double>(x.grid.vmax()) < 0x1p24;  // else float32 would not add exactly
  const torch::Tensor sum = window_sum(single ? x.v : x.v.to(torch::kFloat64), window_);
  IntTensor out = activation_.quantize(sum.to(torch::kFloat32) * (x.s / count()));
  if (pass.exact) {
    const Node& node = pass.exact->nodes.at(static_cast<std::size_t>(output() - 1));
    out.v = with_exact_value(requantize(sum, node.state.q, out.grid, {}), out.v);
  }
  return out;
}

void AvgPoolLayer::freeze(Graph& graph) const {
  const TensorInfo& x = graph.tensors.at(static_cast<std::size_t>(inputs()[0]));
  TensorInfo out = activation_.info(name(), out_);
  IntState state;
  state.op = Op::kAvgPool;
  state.window = window_;
  state.pad_code = x.grid.z;
  state.q = derive_avg_pool(name(), x.scale, x.grid.vmax(), window_.kernel_h * window_.kernel_w, out.grid,
                            out.scale);
  graph.tensors.push_back(std::move(out));
  graph.nodes.push_back(Node{std::move(state), inputs(), output()});
}

}  // namespace intact
