// Streams: rows against a simulation of windows tap by tap, and blobs in the C runtime against the oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/random.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/blob/runtime_model.h"
#include "exporters/passes/pass.h"
#include "exporters/passes/passes.h"
#include "exporters/passes/plan_check.h"
#include "exporters/passes/stream_schedule.h"
#include "firmware/qemu_runner.h"
#include "firmware/step_outputs.h"
#include "firmware/tensor_values.h"
#include "integer/oracle.h"
#include "mcu/network_graph.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;

int height(const Graph& graph, int tensor) {
  return graph.tensors[static_cast<std::size_t>(tensor)].shape.h;
}

// Rows of tensor `input` that row y of the node's output reads.
std::set<int> rows_read(const Graph& graph, const Node& node, std::size_t input, int y) {
  if (node.state.op == Op::kAdd || input > 0) return {y};
  const Window& w = node.state.window;
  std::set<int> rows;
  for (int k = 0; k < w.kernel_h; ++k) {
    const int row = y * w.stride_h - w.pad_top + k * w.dilation_h;
    if (row >= 0 && row < height(graph, node.inputs[0])) rows.insert(row);
  }
  return rows;
}

std::vector<Stream> possible_streams(const Graph& graph, std::size_t most, std::uint64_t seed) {
  RandomStream random(seed, {0x737472});
  const std::vector<Lifetime> lifetimes = tensor_lifetimes(graph);
  std::vector<Stream> streams;
  const int nodes = static_cast<int>(graph.nodes.size());
  for (int attempt = 0; attempt < 200 && streams.size() < most && nodes > 1; ++attempt) {
    const int first = static_cast<int>(random.below(static_cast<std::uint32_t>(nodes - 1)));
    const int last =
        first + 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(nodes - first - 1)));
    const int rows = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(height(graph, last + 1))));
    const Stream stream{first, last, rows};
    if (StreamSchedule::make(graph, lifetimes, stream)) streams.push_back(stream);
  }
  return streams;
}

// What memory must hold for every tap of every row, and that all rows are made once, in order.
void expect_rows_suffice(const Graph& graph, const StreamSchedule& schedule) {
  const Stream& stream = schedule.stream();
  for (int n = stream.first; n <= stream.last; ++n) {
    std::uint32_t made = 0;
    for (std::size_t band = 0; band < schedule.bands(); ++band) {
      const BandRows& rows = schedule.rows(band, n);
      ASSERT_EQ(rows.first, made);
      ASSERT_GE(rows.end, rows.first);
      ASSERT_LE(rows.end - rows.kept, schedule.rows_in_memory(n));
      if (band > 0) {
        ASSERT_LE(rows.kept, rows.first);
        ASSERT_GE(rows.kept, schedule.rows(band - 1, n).kept);
      }
      made = rows.end;
      const Node& node = graph.nodes[static_cast<std::size_t>(n)];
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (node.inputs[i] <= stream.first) continue;
        const BandRows& held = schedule.rows(band, node.inputs[i] - 1);
        for (std::uint32_t y = rows.first; y < rows.end; ++y) {
          for (const int row : rows_read(graph, node, i, static_cast<int>(y))) {
            ASSERT_GE(row, static_cast<int>(held.kept));
            ASSERT_LT(row, static_cast<int>(held.end));
          }
        }
      }
    }
    ASSERT_EQ(made, static_cast<std::uint32_t>(height(graph, n + 1)));
  }
}

Lowered lower_with(const Graph& graph, const Stream& stream, const LowerOptions& options = {}) {
  Lowered lowered = lower(graph, options);
  const StreamSchedule schedule =
      StreamSchedule::make(lowered.graph, tensor_lifetimes(lowered.graph), stream).value();
  for (const TensorInfo& tensor : lowered.graph.tensors)
    lowered.tensor_rows.push_back(static_cast<std::uint32_t>(tensor.shape.h));
  for (int i = stream.first; i <= stream.last; ++i)
    lowered.tensor_rows[static_cast<std::size_t>(i) + 1] = schedule.rows_in_memory(i);
  lowered.streams = {stream};
  plan_arena(lowered);
  check_plan(lowered);
  return lowered;
}

void expect_agreement(const Lowered& lowered, std::uint64_t seed) {
  BlobOptions options;
  options.golden_inputs = choose_golden_inputs(lowered.graph, 4, seed, {});
  const Bytes blob = write_blob(lowered, options);
  RuntimeModel runtime(blob);
  const Bytes input = test::random_input(lowered.graph, seed);
  const std::vector<Values> expected = Oracle(lowered.graph).run(input);
  std::copy(input.begin(), input.end(), intact_input(runtime.get()).data);
  std::uint32_t nodes = 0;
  run_steps(*runtime.get(), [&](std::uint32_t node, const intact_tensor& output) {
    EXPECT_EQ(node, nodes++);
    EXPECT_EQ(tensor_values(output), expected[node + 1]) << "seed " << seed << ", node " << node;
  });
  EXPECT_EQ(nodes, lowered.graph.nodes.size());
  std::copy(input.begin(), input.end(), intact_input(runtime.get()).data);
  for (std::uint32_t node = 0; node < nodes; ++node) intact_run_node(runtime.get(), node);
  EXPECT_EQ(tensor_values(intact_output(runtime.get())), expected.back()) << "seed " << seed;
  intact_mismatch first{};
  EXPECT_EQ(intact_selftest(runtime.get(), &first), INTACT_OK)
      << "seed " << seed << ", vector " << first.vector << ", node " << first.node;
  const BlobContents read = read_blob(blob);
  EXPECT_EQ(read.lowered.streams, lowered.streams);
  EXPECT_EQ(read.minor, lowered.streams.empty() ? 1 : 2);
  EXPECT_EQ(write_blob(read.lowered, options), blob) << "seed " << seed;
}

class RandomStreams : public ::testing::TestWithParam<int> {};

constexpr std::uint64_t kGraphsPerShard = 40;

TEST_P(RandomStreams, EqualTheOracleInEveryLayer) {
  const auto begin = static_cast<std::uint64_t>(GetParam()) * kGraphsPerShard;
  int streams = 0;
  for (std::uint64_t seed = begin; seed < begin + kGraphsPerShard && !HasFailure(); ++seed) {
    test::RandomGraphOptions graph_options;
    graph_options.max_node_macs = 50000;
    graph_options.min_nodes = 2;
    graph_options.max_extent = 20;
    const Graph graph = lower(test::random_graph(seed, graph_options)).graph;
    for (const Stream& stream : possible_streams(graph, 3, seed)) {
      SCOPED_TRACE("stream " + std::to_string(stream.first) + " .. " + std::to_string(stream.last) + ", " +
                   std::to_string(stream.band_rows) + " rows");
      expect_rows_suffice(graph, StreamSchedule::make(graph, tensor_lifetimes(graph), stream).value());
      expect_agreement(lower_with(graph, stream), seed);
      ++streams;
    }
  }
  EXPECT_GT(streams, 40);
}

TEST_P(RandomStreams, AreChosenOnlyWhereTheArenaShrinks) {
  const auto begin = static_cast<std::uint64_t>(GetParam()) * kGraphsPerShard;
  int smaller = 0;
  for (std::uint64_t seed = begin; seed < begin + kGraphsPerShard && !HasFailure(); ++seed) {
    test::RandomGraphOptions graph_options;
    graph_options.max_node_macs = 50000;
    graph_options.min_nodes = 3;
    graph_options.max_extent = 20;
    LowerOptions options;
    options.target = kAllTargets[seed % std::size(kAllTargets)];
    options.scratch_limit = 2048;
    const Graph graph = test::random_graph(seed, graph_options);
    const Lowered whole = lower(graph, options);
    options.stream = true;
    const Lowered streamed = lower(graph, options);
    expect_agreement(streamed, seed);
    if (streamed.streams.empty()) {
      EXPECT_EQ(streamed.arena_bytes, whole.arena_bytes);
    } else {
      EXPECT_LT(arena_lower_bound(streamed), arena_lower_bound(whole)) << "seed " << seed;
      ++smaller;
    }
  }
  EXPECT_GT(smaller, 0);
}

class StreamsOnCore : public ::testing::TestWithParam<Core> {
 protected:
  void SetUp() override {
    const std::string missing = missing_for(GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing;
  }

  // Every layer of the blob on the core equals the oracle's, and so do its golden vectors. Instructions of a
  // run.
  std::uint64_t expect_agreement_on_core(const Lowered& lowered, std::uint64_t seed) const {
    BlobOptions options;
    options.golden_inputs = choose_golden_inputs(lowered.graph, 4, seed, {});
    const Bytes blob = write_blob(lowered, options), input = test::random_input(lowered.graph, seed);
    const std::vector<Values> expected = Oracle(lowered.graph).run(input);
    std::size_t nodes = 0;
    DeviceOptions device;
    device.count_nodes = true;
    const DeviceResult result = run_on_core(
        GetParam(), blob, std::span(&input, 1),
        [&](std::size_t, std::size_t node, std::span<const std::int32_t> values) {
          EXPECT_EQ(node, nodes++);
          EXPECT_EQ(Values(values.begin(), values.end()), expected[node + 1])
              << "seed " << seed << ", node " << node;
        },
        device);
    EXPECT_EQ(nodes, lowered.graph.nodes.size());
    EXPECT_TRUE(result.selftest_ok) << "seed " << seed;
    EXPECT_EQ(result.node_instructions.size(), nodes);
    std::uint64_t sum = 0;
    for (const std::uint64_t instructions : result.node_instructions) sum += instructions;
    EXPECT_LE(sum, result.instructions * 11 / 10);
    return result.instructions;
  }

  LowerOptions lower_options() const {
    LowerOptions options;
    options.target = target_of_core(to_string(GetParam()));
    options.stream = true;
    options.scratch_limit = 2048;
    return options;
  }
};

TEST_P(StreamsOnCore, EqualTheOracleInEveryLayer) {
  int streams = 0;
  for (std::uint64_t seed = 0; seed < 8 && !HasFailure(); ++seed) {
    test::RandomGraphOptions graph_options;
    graph_options.max_node_macs = 20000;
    graph_options.min_nodes = 3;
    graph_options.max_extent = 20;
    LowerOptions options = lower_options();
    const Graph graph = lower(test::random_graph(seed, graph_options)).graph;
    const std::vector<Stream> possible = possible_streams(graph, 1, seed);
    options.stream = possible.empty();
    const Lowered lowered =
        possible.empty() ? lower(graph, options) : lower_with(graph, possible.front(), options);
    if (lowered.streams.empty()) continue;
    expect_agreement_on_core(lowered, seed);
    ++streams;
  }
  EXPECT_GT(streams, 3);
}

TEST_P(StreamsOnCore, ANetworkRunsInLessMemory) {
  const bool slow = GetParam() == Core::kCortexM55;  // ResNet-8 takes a minute under QEMU there
  const Graph graph = benchmarks::network_graph(slow ? "plain_cnn" : "resnet8", 4, 4, 1);
  LowerOptions options = lower_options();
  const Lowered streamed = lower(graph, options);
  EXPECT_FALSE(streamed.streams.empty());
  options.stream = false;
  EXPECT_LT(streamed.arena_bytes, lower(graph, options).arena_bytes * 3 / 4);
  expect_agreement_on_core(streamed, 1);
}

INSTANTIATE_TEST_SUITE_P(Qemu, StreamsOnCore,
                         ::testing::Values(Core::kCortexM0, Core::kCortexM4, Core::kCortexM55, Core::kRv32),
                         [](const auto& core) {
                           std::string name(to_string(core.param));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

INSTANTIATE_TEST_SUITE_P(Shards, RandomStreams, ::testing::Range(0, 4));

}  // namespace
}  // namespace intact
