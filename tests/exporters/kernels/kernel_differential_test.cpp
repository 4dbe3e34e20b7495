// Every kernel that the exporter knows, on every core, over awkward convolutions and whole networks: each
// byte of each tensor is what the oracle gives, the kernel that the blob names is the one that ran, and
// nothing was written outside arena and scratch.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <string>

#include "core/random.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/blob/tensor_codes.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/kernels/kernel_options.h"
#include "exporters/passes/pass.h"
#include "exporters/passes/tensor_memory.h"
#include "integer/oracle.h"
#include "kernels/batch_runner.h"
#include "kernels/conv_cases.h"
#include "support/random_graph.h"

namespace intact {

static void PrintTo(Core core, std::ostream* os) {
  *os << to_string(core);
}

}  // namespace intact

namespace intact::test {
namespace {

struct Trial {
  std::string name;
  Lowered lowered;
  std::vector<Bytes> inputs;
  std::uint32_t offered = UINT32_MAX;
  bool names_kernels = true;    // each named kernel that the core has must have run
  bool true_parameters = true;  // else values are not compared
};

class Trials {
 public:
  void add(const std::string& name, const Graph& graph, const LowerOptions& options, std::uint64_t seed) {
    Trial trial{name + " for " + std::string(to_string(options.target)), lower(graph, options), {}};
    for (std::uint64_t i = 0; i < 2; ++i) trial.inputs.push_back(random_input(graph, 2 * seed + 1 - i));
    trials_.push_back(std::move(trial));
  }
  Trial& last() { return trials_.back(); }
  const std::vector<Trial>& all() const { return trials_; }

  // Runs all by `run` (of BatchItems) and checks what comes back.
  template <typename Run>
  void check(Run run) const {
    std::vector<BatchItem> items;
    for (const Trial& trial : trials_)
      items.push_back({&trial.lowered, write_blob(trial.lowered, {}), trial.inputs, trial.offered});
    const BatchResults results = run(items);
    ASSERT_EQ(results.items.size(), trials_.size());
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      check_values(trials_[i], results.items[i]);
      check_calls(trials_[i], results.kernels, results.items[i]);
      ASSERT_EQ(results.items[i].faults, 0U) << trials_[i].name;
    }
  }

 private:
  static void check_values(const Trial& trial, const BatchResult& result) {
    if (!trial.true_parameters) return;
    const Graph& graph = trial.lowered.graph;
    std::size_t at = 0;
    for (const Bytes& input : trial.inputs) {
      const std::vector<Values> expected = Oracle(graph).run(input);
      for (std::size_t t = 1; t < expected.size(); ++t, ++at) {
        // Bytes: padding bits are zero too.
        ASSERT_EQ(result.outputs.at(at), pack_tensor(graph.tensors[t], expected[t]))
            << trial.name << ", node " << t - 1 << " by kernel "
            << kernel_name(trial.lowered.nodes[t - 1].kernel.kernel);
      }
    }
  }

  static void check_calls(const Trial& trial, std::uint32_t linked, const BatchResult& result) {
    if (!trial.names_kernels) return;
    const std::uint32_t there = linked & trial.offered;
    std::map<std::uint16_t, std::size_t> named;
    for (std::size_t i = 0; i < trial.lowered.nodes.size(); ++i) {
      if (trial.lowered.graph.nodes[i].state.op == Op::kConv)
        named[trial.lowered.nodes[i].kernel.kernel] += trial.inputs.size();
    }
    for (const auto& [kernel, calls] : named) {
      if ((there >> kernel & 1U) == 0) continue;
      if (kernel > INTACT_CONV_XNOR) {
        ASSERT_EQ(result.calls.at(kernel), calls) << trial.name << ": " << kernel_name(kernel);
      } else if (trial.offered != UINT32_MAX) {
        ASSERT_GE(result.calls.at(kernel), calls) << trial.name << ": " << kernel_name(kernel);
      }
    }
  }

  std::vector<Trial> trials_;
};

constexpr std::uint64_t kScratchLimits[] = {16384, 16384, 2048, 65536};

const NodePlan& last_plan(const Lowered& lowered) {
  return lowered.nodes.back();
}

// Less scratch than the kernel asked for: it makes do, or another computes the node.
void cut_scratch(Trial& trial, RandomStream& rng) {
  for (std::size_t i = 0; i < trial.lowered.nodes.size(); ++i) {
    NodePlan& plan = trial.lowered.nodes[i];
    const std::uint32_t least = required_scratch(trial.lowered.graph, trial.lowered.graph.nodes[i]);
    const std::uint32_t units = (plan.scratch_bytes - std::min(least, plan.scratch_bytes)) / 16;
    plan.scratch_bytes -= 16 * rng.below(units + 1);
  }
  trial.name += ", scratch cut";
  trial.names_kernels = false;
}

void falsify_parameters(Trial& trial, RandomStream& rng) {
  for (std::size_t i = 0; i < trial.lowered.nodes.size(); ++i) {
    if (trial.lowered.graph.nodes[i].state.op == Op::kConv)
      trial.lowered.nodes[i].kernel.parameter = static_cast<std::uint16_t>(rng.below(65536) >> rng.below(16));
  }
  trial.name += ", false parameter";
  trial.names_kernels = trial.true_parameters = false;
}

// The kernel, and what computes the nodes that it cannot: the runtime prefers XNOR and depthwise to dense.
std::uint32_t offered_for(std::uint16_t kernel) {
  const std::uint32_t portable = (2U << std::min<std::uint32_t>(kernel, INTACT_CONV_XNOR)) - 1;
  return portable | 1U << kernel;
}

// Up to `most` cases for each kernel of the target, wherever it takes the case's convolution; each kernel
// must take some.
void add_conv_cases(Trials& trials, Target target, std::size_t most) {
  constexpr std::uint64_t kSeeds = 20000;
  std::map<std::uint16_t, std::size_t> taken;
  for (const KernelCandidate& candidate : kernel_candidates()) taken[candidate.kernel] = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    if (std::all_of(taken.begin(), taken.end(), [&](const auto& t) { return t.second >= most; })) break;
    const Graph graph = conv_case(seed);
    LowerOptions options;
    options.target = target;
    options.scratch_limit = kScratchLimits[seed % std::size(kScratchLimits)];
    const Lowered plain = lower(graph, options);
    for (const KernelOption& option : kernel_options(
             plain.graph, plain.graph.nodes.back(), last_plan(plain).layout, target, options.scratch_limit)) {
      const std::uint16_t kernel = option.choice.kernel;
      if (taken[kernel]++ >= most) continue;
      options.only_kernel = kernel;
      trials.add("conv case " + std::to_string(seed) + " by " + std::string(kernel_name(kernel)), graph,
                 options, seed);
      trials.last().offered = offered_for(kernel);
      RandomStream rng(seed, {kernel});
      if (taken[kernel] % 4 == 0) cut_scratch(trials.last(), rng);
      if (taken[kernel] % 16 == 7) falsify_parameters(trials.last(), rng);
    }
  }
  for (const KernelCandidate& candidate : kernel_candidates()) {
    intact_conv any{};
    any.output = {nullptr, 1, 1, 1, 1, 1, 0, 8, 0, 255, 0};
    any.group_in = any.group_out = any.groups = any.taps = 1;
    if (candidate.instructions(any, target, 0)) {
      EXPECT_GE(taken[candidate.kernel], most / 4) << candidate.name << " on " << to_string(target);
    }
  }
}

// Networks of all operations, lowered as a user's are.
void add_networks(Trials& trials, Target target, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    RandomGraphOptions graph_options;
    graph_options.max_node_macs = 30000;
    LowerOptions options;
    options.target = target;
    options.scratch_limit = kScratchLimits[seed % std::size(kScratchLimits)];
    trials.add("network " + std::to_string(seed), random_graph(seed, graph_options), options, seed);
  }
}

std::string test_name(std::string_view name) {
  std::string result(name);
  std::erase_if(result, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return result;
}

class KernelsHere : public ::testing::TestWithParam<Target> {};

TEST_P(KernelsHere, EveryKernelOfTheTarget) {
  Trials trials;
  add_conv_cases(trials, GetParam(), 200);
  add_networks(trials, GetParam(), 1000, 60);
  trials.check(run_batch_here);
}

INSTANTIATE_TEST_SUITE_P(Targets, KernelsHere, ::testing::ValuesIn(kAllTargets),
                         [](const auto& test) { return test_name(to_string(test.param)); });

class KernelsOnCore : public ::testing::TestWithParam<Core> {
 protected:
  void SetUp() override {
    const std::string missing = missing_for(GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
};

TEST_P(KernelsOnCore, EveryKernelOfItsTarget) {
  Trials trials;
  add_conv_cases(trials, target_of_core(to_string(GetParam())), 400);
  add_networks(trials, target_of_core(to_string(GetParam())), 2000, 100);
  trials.check([&](const auto& items) { return run_batch(GetParam(), items); });
}

// A blob for one core runs on all others, with the same integers.
TEST_P(KernelsOnCore, BlobsOfAllTargets) {
  Trials trials;
  for (const Target target : kAllTargets) {
    if (target == target_of_core(to_string(GetParam()))) continue;
    add_networks(trials, target, 3000, 15);
    for (std::uint64_t seed = 4000; seed < 4060; ++seed) {
      LowerOptions options;
      options.target = target;
      trials.add("conv case " + std::to_string(seed), conv_case(seed), options, seed);
    }
  }
  trials.check([&](const auto& items) { return run_batch(GetParam(), items); });
}

INSTANTIATE_TEST_SUITE_P(Qemu, KernelsOnCore, ::testing::ValuesIn(kAllCores),
                         [](const auto& test) { return test_name(to_string(test.param)); });

// The cases are worth their time only if they hold what they are meant to.
TEST(ConvCases, AreAwkward) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Graph graph = conv_case(seed);
    const Node& node = graph.nodes.back();
    const Window& w = node.state.window;
    const TensorInfo& in = graph.tensors[static_cast<std::size_t>(node.inputs[0])];
    const TensorInfo& out = graph.tensors.back();
    seen["image of one pixel"] += in.shape.h * in.shape.w == 1;
    seen["one channel in"] += in.shape.c == 1;
    seen["odd channels in"] += in.shape.c % 2;
    seen["odd channels out"] += out.shape.c % 2;
    seen["stride 2"] += w.stride_h == 2 || w.stride_w == 2;
    seen["stride 3"] += w.stride_h == 3 || w.stride_w == 3;
    seen["dilation"] += w.dilation_h > 1 || w.dilation_w > 1;
    seen["padding on one side"] += (w.pad_left > 0) != (w.pad_right > 0);
    seen["groups"] += node.state.groups > 1 && node.state.groups < in.shape.c;
    seen["depthwise"] += node.state.groups > 1 && node.state.groups == in.shape.c;
    seen["signed input"] += in.grid.kind == GridKind::kSigned;
    seen["bipolar input"] += in.grid.kind == GridKind::kBipolar;
    seen["zero point"] += in.grid.z != 0;
    seen["int32 output"] += out.grid.kind == GridKind::kInt32;
    if (node.state.residual) {
      const Lowered lowered = lower(graph);
      const auto residual = static_cast<std::size_t>(node.inputs[1]);
      const bool in_place = lowered.tensor_offsets[residual] == lowered.tensor_offsets.back();
      const int bits = out.grid.storage_bits();
      const int residual_bits = graph.tensors[residual].grid.storage_bits();
      EXPECT_TRUE(!in_place || bits == residual_bits);
      seen[in_place               ? "residual in place"
           : residual_bits < bits ? "narrower residual"
                                  : "wider residual"] += 1;
    }
    seen["weights of " + std::to_string(node.state.weight_grid.bits) + " bits"] += 1;
    seen["weights and input of " + std::to_string(node.state.weight_grid.storage_bits()) + " and " +
         std::to_string(in.grid.storage_bits()) + " bits stored"] += 1;
  }
  EXPECT_EQ(seen.size(), 14U + 3U + 8U + 16U);
  for (const auto& [what, times] : seen) EXPECT_GE(times, 8) << what;
}

}  // namespace
}  // namespace intact::test
