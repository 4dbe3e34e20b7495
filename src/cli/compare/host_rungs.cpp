#include "cli/compare/host_rungs.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <cstring>

namespace intact {
namespace {

std::span<const std::uint8_t> image_of(std::span<const std::uint8_t> images, std::int64_t count,
                                       std::int64_t sample) {
  const std::size_t bytes = images.size() / static_cast<std::size_t>(count);
  return images.subspan(static_cast<std::size_t>(sample) * bytes, bytes);
}

}  // namespace

NodeValues QuantizedRung::run(std::span<const std::uint8_t> images, std::int64_t, std::int64_t count) {
  const Graph& graph = network_.graph();
  const Shape& in = graph.tensors[static_cast<std::size_t>(graph.input)].shape;
  torch::Tensor codes = torch::empty({count, in.h, in.w, in.c}, torch::kUInt8);
  std::memcpy(codes.data_ptr<std::uint8_t>(), images.data(), images.size());
  const std::vector<torch::Tensor> tensors = network_.run(codes);
  NodeValues values(graph.nodes.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const torch::Tensor& t = tensors[static_cast<std::size_t>(graph.nodes[i].output)];
    values[i].assign(t.data_ptr<std::int32_t>(), t.data_ptr<std::int32_t>() + t.numel());
  }
  return values;
}

NodeValues OracleRung::run(std::span<const std::uint8_t> images, std::int64_t, std::int64_t count) {
  NodeValues values = make_node_values(graph_, count);
  for_samples(count, threads_, [&](int, std::int64_t sample) {
    const std::vector<Values> tensors = oracle_.run(image_of(images, count, sample));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Values& t = tensors[static_cast<std::size_t>(graph_.nodes[i].output)];
      std::copy(t.begin(), t.end(), values[i].begin() + sample * static_cast<std::int64_t>(t.size()));
    }
  });
  return values;
}

RuntimeRung::RuntimeRung(const Graph& graph, std::span<const std::uint8_t> blob, int threads)
    : graph_(graph) {
  for (int i = 0; i < threads; ++i) models_.push_back(std::make_unique<HostRuntime>(blob));
}

NodeValues RuntimeRung::run(std::span<const std::uint8_t> images, std::int64_t, std::int64_t count) {
  NodeValues values = make_node_values(graph_, count);
  for_samples(count, static_cast<int>(models_.size()), [&](int worker, std::int64_t sample) {
    models_[static_cast<std::size_t>(worker)]->run(
        image_of(images, count, sample), [&](std::uint32_t node, const intact_tensor& out) {
          unpack_values(out,
                        values[node].data() + static_cast<std::size_t>(sample) * node_elements(graph_, node));
        });
  });
  return values;
}

}  // namespace intact
