// Canonical form: CBOR of nested arrays in a fixed order, integers in their shortest encoding, weights as one
// byte string, scales as the bits of their IEEE double in an unsigned integer. Nothing has a second spelling,
// so equal graphs have equal bytes.
#include <bit>
#include <nlohmann/json.hpp>

#include "integer/graph.h"
#include "integer/graph_cbor.h"

namespace intact {
namespace {

using nlohmann::json;

json to_json(const Grid& grid) {
  return json::array({static_cast<int>(grid.kind), grid.bits, grid.qmin, grid.qmax, grid.z});
}

json to_json(const Window& w) {
  return json::array({w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.pad_top,
                      w.pad_left, w.pad_bottom, w.pad_right});
}

json to_json(const Requantization& q) {
  return json::array({q.k, q.r, q.m, q.b, q.m_res, q.bound});
}

json to_json(const IntState& state) {
  std::vector<std::uint8_t> weights;
  weights.reserve(state.weights.size());
  for (const std::int8_t w : state.weights) weights.push_back(static_cast<std::uint8_t>(w));
  return json::array({static_cast<int>(state.op), to_json(state.window), state.groups, state.residual,
                      state.pad_code, to_json(state.weight_grid), json::binary(std::move(weights)),
                      to_json(state.q)});
}

json to_json(const TensorInfo& tensor) {
  return json::array({tensor.name, tensor.shape.h, tensor.shape.w, tensor.shape.c, to_json(tensor.grid),
                      std::bit_cast<std::uint64_t>(tensor.scale)});
}

}  // namespace

std::vector<std::uint8_t> serialize_graph(const Graph& graph) {
  json tensors = json::array();
  for (const TensorInfo& tensor : graph.tensors) tensors.push_back(to_json(tensor));
  json nodes = json::array();
  for (const Node& node : graph.nodes)
    nodes.push_back(json::array({to_json(node.state), node.inputs, node.output}));
  return json::to_cbor(json::array({cbor::kMagic, cbor::kVersion, graph.name, std::move(tensors),
                                    std::move(nodes), graph.input, graph.output}));
}

}  // namespace intact
