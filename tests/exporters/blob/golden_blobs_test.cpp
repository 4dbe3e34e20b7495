// Old blobs keep running: the golden blobs of each version of the format load, pass their self-test and give
// the recorded outputs, on this machine and on the core that they were made for.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "blob/golden/golden_samples.h"
#include "core/atomic_file.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/blob/runtime_model.h"
#include "firmware/qemu_runner.h"
#include "firmware/tensor_values.h"
#include "runtime/intact_blob.h"

namespace intact::test {
namespace {

namespace fs = std::filesystem;

struct GoldenBlob {
  fs::path file;
  std::vector<std::uint8_t> bytes() const { return read_file(file, 1 << 16); }
  std::vector<GoldenSample> samples(const Graph& graph) const {
    const auto elements = [&](int tensor) {
      return static_cast<std::size_t>(graph.tensors[static_cast<std::size_t>(tensor)].shape.elements());
    };
    return read_samples(read_file(fs::path(file).replace_extension(".samples"), 1 << 16),
                        elements(graph.input), elements(graph.output));
  }
};

void PrintTo(const GoldenBlob& blob, std::ostream* os) {
  *os << blob.file.stem().string();
}

std::vector<GoldenBlob> golden_blobs(const std::string& set) {
  std::vector<GoldenBlob> blobs;
  const fs::path folder = fs::path(INTACT_SOURCE_DIR) / "tests/exporters/blob/golden" / set;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".blob") blobs.push_back({entry.path()});
  }
  std::sort(blobs.begin(), blobs.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return blobs;
}

std::vector<GoldenBlob> all_golden_blobs() {
  std::vector<GoldenBlob> blobs;
  for (const char* folder : {"v1_0", "v1_1", "v1_1_kernels", "v1_1_dense", "v1_2"}) {
    const std::vector<GoldenBlob> more = golden_blobs(folder);
    blobs.insert(blobs.end(), more.begin(), more.end());
  }
  return blobs;
}

// A core that the blob was laid out for; the Cortex-M4 for all others.
Core core_for(const BlobContents& contents) {
  for (const Core core : kAllCores) {
    if (to_string(target_of_core(to_string(core))) == contents.target) return core;
  }
  return Core::kCortexM4;
}

class GoldenBlobs : public ::testing::TestWithParam<GoldenBlob> {};

TEST_P(GoldenBlobs, GiveTheRecordedOutputsHere) {
  const std::vector<std::uint8_t> blob = GetParam().bytes();
  ASSERT_LE(blob.size(), 16384U) << "a golden blob is small";
  RuntimeModel runtime(blob);
  intact_model* model = runtime.get();
  EXPECT_EQ(intact_check_crc(model->blob, blob.size()), INTACT_OK);
  intact_mismatch first{};
  EXPECT_EQ(intact_selftest(model, &first), INTACT_OK)
      << "vector " << first.vector << ", node " << first.node;
  const std::vector<GoldenSample> samples = GetParam().samples(read_blob(blob).lowered.graph);
  EXPECT_GE(samples.size(), 4U);
  for (const GoldenSample& sample : samples) {
    std::copy(sample.input.begin(), sample.input.end(), intact_input(model).data);
    ASSERT_EQ(intact_run(model), INTACT_OK);
    EXPECT_EQ(tensor_values(intact_output(model)), sample.output);
  }
}

TEST_P(GoldenBlobs, GiveTheRecordedOutputsOnACore) {
  const std::vector<std::uint8_t> blob = GetParam().bytes();
  const BlobContents contents = read_blob(blob);
  const Core core = core_for(contents);
  const std::string missing = missing_for(core);
  if (!missing.empty()) GTEST_SKIP() << missing;
  const std::vector<GoldenSample> samples = GetParam().samples(contents.lowered.graph);
  std::vector<std::vector<std::uint8_t>> inputs;
  for (const GoldenSample& sample : samples) inputs.push_back(sample.input);
  DeviceOptions options;
  options.every_node = false;
  options.count_instructions = false;
  std::size_t seen = 0;
  const DeviceResult result = run_on_core(
      core, blob, inputs,
      [&](std::size_t sample, std::size_t, std::span<const std::int32_t> values) {
        ++seen;
        EXPECT_EQ(std::vector<std::int32_t>(values.begin(), values.end()), samples[sample].output);
      },
      options);
  EXPECT_EQ(seen, samples.size());
  EXPECT_TRUE(result.crc_ok);
  EXPECT_TRUE(result.selftest_ok) << intact_status_name(result.selftest_status);
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, GoldenBlobs, ::testing::ValuesIn(all_golden_blobs()),
                         [](const auto& golden) {
                           std::string name = golden.param.file.parent_path().filename().string() + "_" +
                                              golden.param.file.stem().string();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

std::set<int> kernels_of(const std::string& set) {
  std::set<int> kernels;
  for (const GoldenBlob& golden : golden_blobs(set)) {
    for (const NodePlan& node : read_blob(golden.bytes()).lowered.nodes) kernels.insert(node.kernel.kernel);
  }
  return kernels;
}

// They are worth keeping only while they hold what the versions have.
TEST(GoldenBlobSet, HoldsWhatTheVersionsHave) {
  for (const auto& [version, minor] : {std::pair{"v1_0", 0}, std::pair{"v1_1", 1}}) {
    std::set<Op> operations;
    std::set<WeightLayout> layouts;
    std::set<GridKind> kinds;
    bool residual = false, depthwise = false;
    for (const GoldenBlob& golden : golden_blobs(version)) {
      const BlobContents contents = read_blob(golden.bytes());
      EXPECT_EQ(contents.major, 1);
      EXPECT_EQ(contents.minor, minor) << golden.file;
      for (const TensorInfo& tensor : contents.lowered.graph.tensors) kinds.insert(tensor.grid.kind);
      for (std::size_t i = 0; i < contents.lowered.graph.nodes.size(); ++i) {
        const IntState& state = contents.lowered.graph.nodes[i].state;
        operations.insert(state.op);
        residual = residual || state.residual;
        depthwise = depthwise || state.groups > 1;
        if (state.op == Op::kConv) layouts.insert(contents.lowered.nodes[i].layout);
      }
    }
    EXPECT_TRUE(operations.contains(Op::kConv) && operations.contains(Op::kAvgPool) &&
                operations.contains(Op::kMaxPool))
        << version;
    EXPECT_EQ(layouts.size(), 2U) << version;
    EXPECT_EQ(kinds.size(), 4U) << version;
    EXPECT_TRUE(residual && depthwise) << version;
  }
}

TEST(GoldenBlobSet, HoldsStreams) {
  std::set<Op> operations;
  bool residual = false;
  for (const GoldenBlob& golden : golden_blobs("v1_2")) {
    const BlobContents contents = read_blob(golden.bytes());
    EXPECT_EQ(contents.minor, 2) << golden.file;
    EXPECT_FALSE(contents.lowered.streams.empty()) << golden.file;
    for (const Stream& stream : contents.lowered.streams) {
      for (int i = stream.first; i <= stream.last; ++i) {
        const IntState& state = contents.lowered.graph.nodes[static_cast<std::size_t>(i)].state;
        operations.insert(state.op);
        residual = residual || state.residual;
      }
    }
  }
  EXPECT_TRUE(residual && operations.contains(Op::kMaxPool));
}

TEST(GoldenBlobSet, HoldsTheKernels) {
  EXPECT_EQ(kernels_of("v1_0"), std::set<int>{0});
  const std::set<int> first = kernels_of("v1_1"), later = kernels_of("v1_1_kernels");
  for (const int kernel :
       {INTACT_CONV_DIRECT16, INTACT_CONV_POLY_ROW, INTACT_CONV_DEPTHWISE16, INTACT_CONV_DIRECT8,
        INTACT_CONV_PATTERN, INTACT_CONV_DEPTHWISE8, INTACT_CONV_PIXEL_PAIR, INTACT_CONV_DIRECT_PLAIN,
        INTACT_CONV_WINOGRAD_PLAIN, INTACT_CONV_PATTERN_PLAIN})
    EXPECT_TRUE(first.contains(kernel)) << "kernel " << kernel;
  for (const int kernel : {INTACT_CONV_POLY_POINT, INTACT_CONV_WINOGRAD8, INTACT_CONV_TABLE_PLAIN,
                           INTACT_CONV_DEPTHWISE_PLAIN, INTACT_CONV_VECTOR_PLAIN})
    EXPECT_TRUE(later.contains(kernel)) << "kernel " << kernel;
  EXPECT_EQ(kernels_of("v1_1_dense"), std::set<int>{INTACT_CONV_VECTOR8});
}

}  // namespace
}  // namespace intact::test
