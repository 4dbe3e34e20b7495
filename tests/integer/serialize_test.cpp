#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "integer/graph.h"
#include "tests/integer/sample_graph.h"
#include "tests/support/random_graph.h"

namespace intact {
namespace {

using test::sample_graph;

TEST(Serialize, RoundTrip) {
  const Graph sample = sample_graph();
  EXPECT_EQ(parse_graph(serialize_graph(sample)), sample);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Graph g = test::random_graph(seed);
    const auto bytes = serialize_graph(g);
    const Graph back = parse_graph(bytes);
    ASSERT_EQ(back, g) << "seed " << seed;
    ASSERT_EQ(serialize_graph(back), bytes) << "seed " << seed;
  }
}

TEST(Serialize, ScalesKeepEveryBit) {
  for (const double scale : {0.1, 1.0, std::nextafter(1.0, 2.0), 0x1p-1074, 0x1.fffffffffffffp+1023}) {
    Graph g = sample_graph();
    g.tensors[2].scale = scale;
    EXPECT_EQ(parse_graph(serialize_graph(g)).tensors[2].scale, scale);
  }
}

// Written into blobs, logs and checkpoints: a change breaks the comparison with every older run.
TEST(Hash, IsStable) {
  EXPECT_EQ(to_hex(hash_graph(sample_graph())), "b5fbf16e90f23d3478c026cd4ebc3e1e");
}

TEST(Hash, SeesEveryField) {
  const StateHash reference = hash_graph(sample_graph());
  const std::vector<void (*)(Graph&)> changes = {
      [](Graph& g) { g.name += "x"; },
      [](Graph& g) { g.tensors[3].name += "x"; },
      [](Graph& g) { g.tensors[3].scale = std::nextafter(g.tensors[3].scale, 1.0); },
      [](Graph& g) { g.tensors[3].grid.z += 1; },
      [](Graph& g) { g.tensors[3].shape.h += 1; },
      [](Graph& g) { g.nodes[0].state.weights[0] = 1; },
      [](Graph& g) { g.nodes[0].state.window.pad_left += 1; },
      [](Graph& g) { g.nodes[0].state.pad_code += 1; },
      [](Graph& g) { g.nodes[0].state.groups += 1; },
      [](Graph& g) { g.nodes[0].state.q.m[3] += 1; },
      [](Graph& g) { g.nodes[0].state.q.b[3] += 1; },
      [](Graph& g) { g.nodes[0].state.q.k += 1; },
      [](Graph& g) { g.nodes[0].state.q.r += 1; },
      [](Graph& g) { g.nodes[0].state.q.m_res += 1; },
      [](Graph& g) { g.nodes[0].state.q.bound += 1; },
      [](Graph& g) { g.nodes[1].state.residual = false; },
      [](Graph& g) { g.nodes[2].inputs[0] = 2; },
      [](Graph& g) { g.nodes[2].state.op = Op::kConv; },
      [](Graph& g) { g.output -= 1; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Graph g = sample_graph();
    changes[i](g);
    EXPECT_NE(hash_graph(g), reference) << "change " << i;
  }
}

TEST(Hash, Hex) {
  StateHash hash{};
  hash[0] = 0x0a;
  hash[15] = 0xf1;
  EXPECT_EQ(to_hex(hash), "0a0000000000000000000000000000f1");
}

}  // namespace
}  // namespace intact
