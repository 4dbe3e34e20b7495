// Every layer of networks with all operations and widths is the same on the emulated cores as on this
// machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "example/example_network.h"
#include "firmware/cycles/trace_nodes.h"
#include "firmware/qemu_runner.h"
#include "naive_network.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact {

// Names the core in the tests' parameter.
static void PrintTo(Core core, std::ostream* os) {
  *os << to_string(core);
}

}  // namespace intact

namespace intact::testing {
namespace {

struct Sample {
  std::size_t sample, node;
  Values values;
  bool operator==(const Sample&) const = default;
};

class Cores : public ::testing::TestWithParam<Core> {
 protected:
  void SetUp() override {
    const std::string missing = missing_for(GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing;
  }

  DeviceResult run(const Blob& blob, const std::vector<std::vector<std::uint8_t>>& inputs,
                   const DeviceOptions& options = {}) {
    got.clear();
    return run_on_core(
        GetParam(), blob.bytes, inputs,
        [&](std::size_t sample, std::size_t node, std::span<const std::int32_t> values) {
          got.push_back({sample, node, Values(values.begin(), values.end())});
        },
        options);
  }

  std::vector<Sample> got;
};

std::vector<Sample> on_this_machine(const NetworkSpec& network, const Blob& blob,
                                    const std::vector<std::vector<std::uint8_t>>& inputs) {
  BoundModel model(blob);
  std::vector<Sample> samples;
  for (std::size_t s = 0; s < inputs.size(); ++s) {
    const std::vector<Values> values = model.run(network, inputs[s]);
    for (std::size_t n = 1; n < values.size(); ++n) samples.push_back({s, n - 1, values[n]});
  }
  return samples;
}

std::vector<std::vector<std::uint8_t>> inputs_of(NetworkMaker& maker, int count) {
  std::vector<std::vector<std::uint8_t>> inputs;
  for (int i = 0; i < count; ++i) inputs.push_back(maker.input());
  return inputs;
}

TEST_P(Cores, EveryLayerEqualsThisMachine) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    NetworkMaker maker = mixed_network(seed);
    BlobOptions options;
    options.golden_inputs = inputs_of(maker, 4);
    const Blob blob = build_blob(maker.network(), options);
    const auto inputs = inputs_of(maker, 3);
    const DeviceResult result = run(blob, inputs);
    EXPECT_EQ(got, on_this_machine(maker.network(), blob, inputs)) << "seed " << seed;
    EXPECT_TRUE(result.crc_ok);
    EXPECT_TRUE(result.selftest_ok) << intact_status_name(result.selftest_status);
  }
}

TEST_P(Cores, InstructionsAreTheSameEachTimeAndGrowWithTheWork) {
  const auto instructions = [&](std::uint32_t size) {
    NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(size, size, 4));
    ConvShape s;
    s.channels_out = 8;
    s.kernel_h = s.kernel_w = 3;
    maker.conv(0, s, TensorSpec::unsigned_codes(4));
    const Blob blob = build_blob(maker.network());
    const auto inputs = inputs_of(maker, 2);
    const std::uint64_t count = run(blob, inputs).instructions;
    EXPECT_EQ(run(blob, inputs).instructions, count);
    return count;
  };
  const std::uint64_t small = instructions(6),
                      large = instructions(34);  // 16 and 1,024 output pixels of 288 MACs
  EXPECT_GT(small, 16U * 288U / 4);
  EXPECT_GT(large, 40 * small);
  EXPECT_LT(large, 90 * small);
}

TEST_P(Cores, InstructionsAreCountedExactly) {
  const std::string elf =
      std::string(INTACT_TEST_FIRMWARE_DIR) + "/instants-" + std::string(to_string(GetParam())) + ".elf";
  EXPECT_NO_THROW(run_firmware(GetParam(), elf, ::testing::TempDir()));
}

TEST_P(Cores, InstructionsOfTheNodesAddUp) {
  NetworkMaker maker = mixed_network(9);
  const Blob blob = build_blob(maker.network());
  const auto inputs = inputs_of(maker, 2);
  DeviceOptions options;
  options.count_nodes = true;
  const DeviceResult result = run(blob, inputs, options);
  EXPECT_EQ(got, on_this_machine(maker.network(), blob, inputs));
  ASSERT_EQ(result.node_instructions.size(), maker.network().nodes.size());
  std::uint64_t sum = 0;
  for (std::size_t n = 0; n < result.node_instructions.size(); ++n) {
    EXPECT_GT(result.node_instructions[n], on_this_machine(maker.network(), blob, inputs)[n].values.size());
    sum += result.node_instructions[n];
  }
  // intact_run adds its walk from step to step; calls of intact_run_step may be inlined there.
  const std::uint64_t walk = 160 * (1 + result.node_instructions.size());
  EXPECT_LE(sum, result.instructions + walk);
  EXPECT_GE(sum + walk, result.instructions);
  EXPECT_EQ(run(blob, inputs, options).node_instructions, result.node_instructions);
  EXPECT_TRUE(run(blob, {}, options).node_instructions.empty());
}

TEST_P(Cores, CyclesAreModelledForTheCortexM4) {
  NetworkMaker maker = mixed_network(9);
  const Blob blob = build_blob(maker.network());
  const auto inputs = inputs_of(maker, 2);
  DeviceOptions options;
  options.count_nodes = options.model_cycles = true;
  const DeviceResult result = run(blob, inputs, options);
  if (GetParam() != Core::kCortexM4) {
    EXPECT_TRUE(result.node_cycles.empty());
    return;
  }
  const std::size_t nodes = maker.network().nodes.size();
  std::vector<std::uint32_t> steps(nodes);  // one a node
  std::iota(steps.begin(), steps.end(), 0U);
  const std::vector<CallCycles> traced = trace_nodes(GetParam(), blob.bytes, inputs[0], steps, 60);
  ASSERT_EQ(result.node_cycles.size(), nodes);
  ASSERT_EQ(traced.size(), nodes);
  for (std::size_t n = 0; n < nodes; ++n) {
    EXPECT_EQ(result.node_cycles[n], traced[n].cycles);
    EXPECT_GT(traced[n].cycles, traced[n].instructions);
    // The execution log and the machine's clock agree, but for the few instructions of the call itself.
    EXPECT_EQ(result.node_instructions[n] - traced[n].instructions,
              result.node_instructions[0] - traced[0].instructions);
  }
  EXPECT_LT(result.node_instructions[0] - traced[0].instructions, 10U);
}

TEST_P(Cores, LastNodeAlone) {
  NetworkMaker maker = mixed_network(9);
  const Blob blob = build_blob(maker.network());
  const auto inputs = inputs_of(maker, 2);
  DeviceOptions options;
  options.every_node = false;
  options.count_instructions = false;
  const DeviceResult result = run(blob, inputs, options);
  EXPECT_EQ(result.instructions, 0U);
  ASSERT_EQ(got.size(), 2U);
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_EQ(got[s].node, maker.network().nodes.size() - 1);
    EXPECT_EQ(got[s].values, run_naive(maker.network(), inputs[s]).back());
  }
  EXPECT_EQ(result.selftest_status, INTACT_E_GOLDEN);  // the blob has none
}

TEST_P(Cores, SelftestNamesTheDamagedVector) {
  NetworkMaker maker = mixed_network(2);
  BlobOptions options;
  options.golden_inputs = inputs_of(maker, 4);
  Blob blob = build_blob(maker.network(), options);
  const std::size_t vector_bytes =
      (blob.bytes.size() - blob.golden) / 4;  // equal vectors, whose sum is a multiple of 16 here
  const std::size_t input_bytes = (maker.network().input.elements() + 3) / 4 * 4;
  ASSERT_EQ(vector_bytes, input_bytes + 4 * maker.network().nodes.size() + 20);
  const std::size_t checksum_of_node_1 = blob.golden + 2 * vector_bytes + input_bytes + 4;
  blob.put8(checksum_of_node_1, blob.bytes[checksum_of_node_1] ^ 1U);
  const DeviceResult result = run(blob, {});
  EXPECT_FALSE(result.crc_ok);
  EXPECT_EQ(result.selftest_status, INTACT_E_MISMATCH);
  EXPECT_EQ(result.first_mismatch.vector, 2U);
  EXPECT_EQ(result.first_mismatch.node, 1U);
}

TEST_P(Cores, FaultyBlobsAndInputsAreErrors) {
  NetworkMaker maker = mixed_network(1);
  Blob blob = build_blob(maker.network());
  EXPECT_THROW(run(blob, {{1, 2, 3}}), Error);
  blob.put8(0, 'X');
  EXPECT_THROW(run(blob, {}), Error);
}

TEST_P(Cores, ExampleFirmwarePrintsTheClass) {
  const std::string name(to_string(GetParam()));
  const std::string printed = run_firmware(
      GetParam(), std::string(INTACT_TEST_FIRMWARE_DIR) + "/example-" + name + ".elf", ::testing::TempDir());
  std::vector<std::uint8_t> image(12 * 12);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i * 37 + 11);
  const Values logits = run_naive(example_network(), image).back();
  const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
  EXPECT_EQ(printed, "class 0" + std::to_string(best) + "\n");
}

INSTANTIATE_TEST_SUITE_P(Qemu, Cores, ::testing::ValuesIn(kAllCores), [](const auto& test) {
  std::string name(to_string(test.param));
  name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
  return name;
});

TEST(Missing, FirmwareAndProgramAreNamed) {
  ASSERT_EQ(setenv("INTACT_FIRMWARE_DIR", "/nowhere", 1), 0);
  const std::string missing = missing_for(Core::kRv32);
  unsetenv("INTACT_FIRMWARE_DIR");
  EXPECT_NE(missing.find(missing.find("PATH") != std::string::npos ? "qemu-system-misc"
                                                                   : "/nowhere/intact-rv32.elf"),
            std::string::npos)
      << missing;
  const std::string path = std::getenv("PATH");
  ASSERT_EQ(setenv("PATH", "/nowhere", 1), 0);
  const std::string program = missing_for(Core::kCortexM4);
  setenv("PATH", path.c_str(), 1);
  EXPECT_NE(program.find("apt install qemu-system-arm"), std::string::npos) << program;
}

TEST(Names, RoundTrip) {
  for (const Core core : kAllCores) EXPECT_EQ(parse_core(to_string(core)), core);
  EXPECT_THROW(parse_core("cortex-a53"), Error);
}

}  // namespace
}  // namespace intact::testing
