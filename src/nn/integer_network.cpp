#include "nn/integer_network.h"

#include "quant/libtorch.h"

#include <utility>

#include "core/error.h"
#include "nn/exact_conv.h"
#include "nn/requantize_tensor.h"
#include "nn/window_ops.h"

namespace intact {
namespace {

torch::Tensor weight_tensor(const Graph& graph, const Node& node) {
  const IntState& s = node.state;
  const std::int64_t out = graph.tensors[static_cast<std::size_t>(node.output)].shape.c;
  const std::int64_t in = graph.tensors[static_cast<std::size_t>(node.inputs[0])].shape.c / s.groups;
  torch::Tensor w = torch::empty({out, s.window.kernel_h, s.window.kernel_w, in}, torch::kInt8);
  std::copy(s.weights.begin(), s.weights.end(), w.data_ptr<std::int8_t>());
  return w.permute({0, 3, 1, 2}).to(torch::kFloat32).contiguous(torch::MemoryFormat::ChannelsLast);
}

torch::Tensor evaluate(const Graph& graph, const Node& node, const torch::Tensor& weight,
                       const std::vector<torch::Tensor>& values) {
  const auto tensor = [&](int i) -> const TensorInfo& { return graph.tensors[static_cast<std::size_t>(i)]; };
  const auto value = [&](std::size_t i) -> const torch::Tensor& {
    return values[static_cast<std::size_t>(node.inputs[i])];
  };
  const IntState& s = node.state;
  const Grid& in = tensor(node.inputs[0]).grid;
  const Grid& out = tensor(node.output).grid;
  switch (s.op) {
    case Op::kConv: {
      const ConvGeometry geometry{s.window, s.groups, static_cast<double>(s.pad_code - in.z)};
      const torch::Tensor acc = exact_conv(value(0), weight, geometry, in.vmax());
      if (out.kind == GridKind::kInt32) return logits(acc, s.q);
      return requantize(acc, s.q, out, s.residual ? value(1) : torch::Tensor());
    }
    case Op::kAdd: {
      std::vector<torch::Tensor> inputs;
      for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(value(i));
      return requantized_add(inputs, s.q, out);
    }
    case Op::kAvgPool: {
      // Sums of at most A; float32 adds them exactly below 2^24, float64 always (A < 2^31).
      const bool single = s.q.bound < (std::int64_t{1} << 24);
      return requantize(window_sum(single ? value(0) : value(0).to(torch::kFloat64), s.window), s.q, out, {});
    }
    case Op::kMaxPool:
      return window_max(value(0), s.window);
  }
  throw Error("evaluation: unknown operation");
}

}  // namespace

IntegerNetwork::IntegerNetwork(Graph graph) : graph_(std::move(graph)) {
  verify(graph_);
  last_use_.assign(graph_.tensors.size(), -1);
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    weights_.push_back(node.state.op == Op::kConv ? weight_tensor(graph_, node) : torch::Tensor());
    for (int input : node.inputs) last_use_[static_cast<std::size_t>(input)] = static_cast<int>(i);
  }
}

std::vector<torch::Tensor> IntegerNetwork::centred(const torch::Tensor& codes, bool keep_all) const {
  torch::NoGradGuard no_grad;
  const TensorInfo& input = graph_.tensors[static_cast<std::size_t>(graph_.input)];
  if (codes.dim() != 4 || codes.size(1) != input.shape.h || codes.size(2) != input.shape.w ||
      codes.size(3) != input.shape.c) {
    throw Error("evaluation: input of another shape than the network's");
  }
  std::vector<torch::Tensor> values(graph_.tensors.size());
  values[static_cast<std::size_t>(graph_.input)] =
      (codes.to(torch::kFloat32) - input.grid.z).permute({0, 3, 1, 2});
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    values[static_cast<std::size_t>(node.output)] = evaluate(graph_, node, weights_[i], values);
    if (keep_all) continue;
    for (int in : node.inputs) {
      if (last_use_[static_cast<std::size_t>(in)] == static_cast<int>(i))
        values[static_cast<std::size_t>(in)] = torch::Tensor();
    }
  }
  return values;
}

std::vector<torch::Tensor> IntegerNetwork::run(const torch::Tensor& codes) const {
  std::vector<torch::Tensor> values = centred(codes, true);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = (values[i].permute({0, 2, 3, 1}).to(torch::kInt32) + graph_.tensors[i].grid.z).contiguous();
  }
  return values;
}

torch::Tensor IntegerNetwork::logits(const torch::Tensor& codes) const {
  const torch::Tensor v = centred(codes, false)[static_cast<std::size_t>(graph_.output)];
  return v.select(3, 0).select(2, 0).to(torch::kInt64) +
         graph_.tensors[static_cast<std::size_t>(graph_.output)].grid.z;
}

}  // namespace intact
