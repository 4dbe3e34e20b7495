// Blobs in the C runtime against the oracle: every value of every node.
#include <gtest/gtest.h>

#include <algorithm>

#include "exporters/blob/blob_reader.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/blob/runtime_model.h"
#include "exporters/passes/pass.h"
#include "firmware/tensor_values.h"
#include "integer/oracle.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;

void expect_agreement(RuntimeModel& runtime, const Graph& graph, const Bytes& input, std::uint64_t seed) {
  const std::vector<Values> expected = Oracle(graph).run(input);
  std::copy(input.begin(), input.end(), intact_input(runtime.get()).data);
  for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
    ASSERT_EQ(intact_run_node(runtime.get(), node), INTACT_OK);
    intact_tensor output{};
    ASSERT_EQ(intact_node_output(runtime.get(), node, &output), INTACT_OK);
    ASSERT_EQ(tensor_values(output), expected[node + 1])
        << "seed " << seed << ", node " << graph.tensors[node + 1].name;
  }
  std::copy(input.begin(), input.end(), intact_input(runtime.get()).data);
  ASSERT_EQ(intact_run(runtime.get()), INTACT_OK);
  const intact_tensor output = intact_output(runtime.get());
  ASSERT_EQ(tensor_values(output), expected.back()) << "seed " << seed;
}

class RuntimeAgreement : public ::testing::TestWithParam<int> {};

constexpr std::uint64_t kGraphsPerShard = 60;

// Per graph: lower, write, load, run, self-test, read back.
TEST_P(RuntimeAgreement, RandomGraphs) {
  const auto first = static_cast<std::uint64_t>(GetParam()) * kGraphsPerShard;
  for (std::uint64_t seed = first; seed < first + kGraphsPerShard; ++seed) {
    test::RandomGraphOptions graph_options;
    graph_options.max_node_macs = 50000;
    const Lowered lowered = lower(test::random_graph(seed, graph_options));
    BlobOptions options;
    options.golden_inputs = choose_golden_inputs(lowered.graph, 4, seed, {});
    const Bytes blob = write_blob(lowered, options);
    RuntimeModel runtime(blob);
    for (std::uint64_t i = 0; i < 2; ++i) {
      expect_agreement(runtime, lowered.graph, test::random_input(lowered.graph, 2 * seed + i), seed);
    }
    ASSERT_EQ(intact_selftest(runtime.get(), nullptr), INTACT_OK) << seed;
    const BlobContents read = read_blob(blob);
    ASSERT_EQ(read.lowered.graph, lowered.graph) << seed;
    ASSERT_EQ(hash_graph(read.lowered.graph), read.state_hash) << seed;
    ASSERT_EQ(write_blob(read.lowered, options), blob) << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, RuntimeAgreement, ::testing::Range(0, 8));

// A checksum that differs makes the self-test name its vector and node, and no other.
TEST(SelfTestTest, NamesTheNodeWhoseChecksumDiffers) {
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    const Lowered lowered = lower(test::random_graph(seed));
    BlobOptions options;
    options.golden_inputs = choose_golden_inputs(lowered.graph, 5, seed, {});
    const Bytes blob = write_blob(lowered, options);
    const BlobContents contents = read_blob(blob);
    const auto golden = std::find_if(contents.sections.begin(), contents.sections.end(),
                                     [](const BlobSection& section) { return section.type == 5; });
    ASSERT_NE(golden, contents.sections.end());
    const std::size_t vector_bytes = golden->bytes / 5;
    const std::size_t input_bytes = (contents.golden[0].input.size() + 3) / 4 * 4;
    for (std::uint32_t node = 0; node <= lowered.graph.nodes.size(); ++node) {
      const std::uint32_t vector = (node + static_cast<std::uint32_t>(seed)) % 5;
      Bytes damaged = blob;
      // One past the last checksum lies the stored output.
      damaged[golden->offset + vector * vector_bytes + input_bytes + 4 * node] ^= 1;
      RuntimeModel runtime(damaged);
      intact_mismatch first{};
      EXPECT_EQ(intact_selftest(runtime.get(), &first), INTACT_E_MISMATCH);
      EXPECT_EQ(first.vector, vector);
      EXPECT_EQ(first.node, node) << "seed " << seed;
    }
  }
}

TEST(SelfTestTest, WithoutGoldenVectorsThereIsNone) {
  RuntimeModel runtime(write_blob(lower(test::random_graph(1)), {}));
  EXPECT_EQ(intact_selftest(runtime.get(), nullptr), INTACT_E_GOLDEN);
}

}  // namespace
}  // namespace intact
