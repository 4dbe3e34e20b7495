#include "nn/add_layer.h"

#include "quant/libtorch.h"

#include "integer/derive.h"
#include "nn/requantize_tensor.h"

namespace intact {

AddLayer::AddLayer(const std::string& name, std::vector<int> inputs, int output, const Shape& out,
                   ActivationKind activation, const ActivationQuantConfig& config, bool rectified)
    : Layer(name, std::move(inputs), output), out_(out), activation_(activation, config, rectified) {
  register_module("activation_quantizer", activation_.quantizer());
}

torch::Tensor AddLayer::forward_float(const std::vector<torch::Tensor>& in, const FloatPass& pass) {
  torch::Tensor y = in[0];
  for (std::size_t i = 1; i < in.size(); ++i) y = y + in[i];
  if (pass.observe) activation_.observe(y);
  return activation_.apply_float(y);
}

IntTensor AddLayer::forward_quantized(const std::vector<IntTensor>& in, const QuantPass& pass) {
  torch::Tensor y = in[0].v * in[0].s;
  for (std::size_t i = 1; i < in.size(); ++i) y = y + in[i].v * in[i].s;
  IntTensor out = activation_.quantize(y);
  if (pass.exact) {
    std::vector<torch::Tensor> values;
    for (const IntTensor& t : in) values.push_back(t.v);
    const Node& node = pass.exact->nodes.at(static_cast<std::size_t>(output() - 1));
    out.v = with_exact_value(requantized_add(values, node.state.q, out.grid), out.v);
  }
  return out;
}

void AddLayer::freeze(Graph& graph) const {
  std::vector<double> scales;
  std::vector<std::int64_t> vmax;
  for (int i : inputs()) {
    const TensorInfo& x = graph.tensors.at(static_cast<std::size_t>(i));
    scales.push_back(x.scale);
    vmax.push_back(x.grid.vmax());
  }
  TensorInfo out = activation_.info(name(), out_);
  IntState state;
  state.op = Op::kAdd;
  state.q = derive_add(name(), scales, vmax, out.grid, out.scale);
  graph.tensors.push_back(std::move(out));
  graph.nodes.push_back(Node{std::move(state), inputs(), output()});
}

}  // namespace intact
