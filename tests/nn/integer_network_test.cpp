// LibTorch's evaluation of integer graphs against the oracle: every value of every tensor.
#include "nn/integer_network.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include "core/error.h"
#include "integer/oracle.h"
#include "tests/support/random_graph.h"

namespace intact {
namespace {

constexpr int kSamples = 3;

torch::Tensor batch_of(const std::vector<std::vector<std::uint8_t>>& inputs, const Shape& s) {
  torch::Tensor codes =
      torch::empty({static_cast<std::int64_t>(inputs.size()), s.h, s.w, s.c}, torch::kUInt8);
  std::uint8_t* to = codes.data_ptr<std::uint8_t>();
  for (const auto& input : inputs) to = std::copy(input.begin(), input.end(), to);
  return codes;
}

TEST(IntegerNetwork, EqualsTheOracleOnRandomGraphs) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const Graph graph = test::random_graph(seed);
    std::vector<std::vector<std::uint8_t>> inputs;
    for (std::uint64_t i = 0; i < kSamples; ++i) inputs.push_back(test::random_input(graph, seed * 100 + i));
    const std::vector<torch::Tensor> got =
        IntegerNetwork(graph).run(batch_of(inputs, graph.tensors[0].shape));
    const Oracle oracle(graph);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::vector<Values> want = oracle.run(inputs[i]);
      for (std::size_t t = 0; t < want.size(); ++t) {
        const torch::Tensor values = got[t][static_cast<std::int64_t>(i)].contiguous();
        const Values have(values.data_ptr<std::int32_t>(), values.data_ptr<std::int32_t>() + values.numel());
        ASSERT_EQ(have, want[t]) << graph.name << ", tensor " << graph.tensors[t].name << ", sample " << i;
      }
    }
  }
}

TEST(IntegerNetwork, RefusesAnotherInputShape) {
  const Graph graph = test::random_graph(1);
  const Shape& s = graph.tensors[0].shape;
  EXPECT_THROW(IntegerNetwork(graph).run(torch::zeros({1, s.h + 1, s.w, s.c}, torch::kUInt8)), Error);
}

}  // namespace
}  // namespace intact
