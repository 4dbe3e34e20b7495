// make_golden_blobs FOLDER: writes the golden blobs and their samples that FOLDER/v1_0, FOLDER/v1_1,
// FOLDER/v1_1_kernels, FOLDER/v1_1_dense and FOLDER/v1_2 lack. What is there stays: golden files are made
// once. v1_0 is what a generic target gives, which has no section KERNELS; v1_1_kernels and v1_1_dense name
// kernels that came after v1_1 was made; v1_2 has streams.
#include <cstdio>
#include <filesystem>

#include "core/atomic_file.h"
#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/passes/pass.h"
#include "golden_networks.h"
#include "golden_samples.h"
#include "integer/oracle.h"
#include "tests/support/random_graph.h"

namespace intact::test {
namespace {

constexpr std::uint64_t kSeed = 20261121, kKernelsSeed = 20261122, kDenseSeed = 20261123;
constexpr std::uint64_t kSamples = 4;

struct Case {
  Graph graph;
  Target target;
};

std::vector<Case> cases() {
  return {{residual_network(4, kSeed), Target::kCortexM4},   {residual_network(1, kSeed), Target::kCortexM55},
          {residual_network(2, kSeed), Target::kCortexM0},   {residual_network(8, kSeed), Target::kRv32},
          {residual_network(8, kSeed), Target::kGeneric},    {depthwise_network(8, kSeed), Target::kCortexM4},
          {depthwise_network(4, kSeed), Target::kCortexM55}, {depthwise_network(2, kSeed), Target::kRv32},
          {mixed_network(kSeed), Target::kCortexM4},         {mixed_network(kSeed), Target::kCortexM55},
          {mixed_network(kSeed), Target::kCortexM0},         {mixed_network(kSeed), Target::kRv32}};
}

std::vector<Case> kernels_cases() {
  return {{depthwise_network(2, kKernelsSeed), Target::kCortexM4},
          {residual_network(2, kKernelsSeed), Target::kCortexM55},
          {residual_network(1, kKernelsSeed), Target::kCortexM0},
          {residual_network(2, kKernelsSeed), Target::kRv32},
          {depthwise_network(4, kKernelsSeed), Target::kCortexM0},
          {depthwise_network(1, kKernelsSeed), Target::kRv32}};
}

std::vector<Case> dense_cases() {
  return {{dense_network(8, kDenseSeed), Target::kCortexM55},
          {dense_network(4, kDenseSeed), Target::kCortexM55},
          {dense_network(2, kDenseSeed), Target::kCortexM55},
          {dense_network(1, kDenseSeed), Target::kCortexM55}};
}

std::vector<Case> streams_cases() {
  return {{residual_network(4, kSeed), Target::kCortexM4},
          {residual_network(8, kSeed), Target::kGeneric},
          {depthwise_network(8, kSeed), Target::kCortexM55},
          {residual_network(1, kSeed), Target::kRv32},
          {mixed_network(kSeed), Target::kGeneric}};
}

void write(const std::filesystem::path& file, std::span<const std::uint8_t> blob,
           std::span<const GoldenSample> samples) {
  if (std::filesystem::exists(file)) return;
  atomic_write_file(std::filesystem::path(file).replace_extension(".samples"), write_samples(samples));
  atomic_write_file(file, blob);
  std::printf("%s\n", file.string().c_str());
}

std::vector<std::uint8_t> blob_of(const Case& c, std::uint64_t seed, bool stream = false) {
  LowerOptions lower_options;
  lower_options.target = c.target;
  lower_options.stream = stream;
  if (stream) lower_options.scratch_limit = 2048;
  const Lowered lowered = lower(c.graph, lower_options);
  BlobOptions options;
  options.golden_inputs = choose_golden_inputs(lowered.graph, 4, seed, {});
  options.meta_json = R"({"target":")" + std::string(to_string(c.target)) + R"("})";
  return write_blob(lowered, options);
}

std::vector<GoldenSample> samples_of(const Graph& graph, std::uint64_t seed) {
  const Oracle oracle(graph);
  std::vector<GoldenSample> samples;
  for (std::uint64_t i = 0; i < kSamples; ++i) {
    const std::vector<std::uint8_t> input = random_input(graph, seed + i);
    samples.push_back({input, oracle.run(input)[static_cast<std::size_t>(graph.output)]});
  }
  return samples;
}

void write_1_0(const Graph& graph, const std::filesystem::path& folder) {
  std::vector<std::uint8_t> blob = blob_of({graph, Target::kGeneric}, kSeed);
  blob[6] = 0;  // the minor version; no checksum covers it
  write(folder / (graph.name + ".blob"), blob, samples_of(graph, kSeed));
}

void write_1_1(const Case& c, std::uint64_t seed, const std::filesystem::path& folder) {
  write(folder / (c.graph.name + "_" + std::string(to_string(c.target)) + ".blob"), blob_of(c, seed),
        samples_of(c.graph, seed));
}

void write_1_2(const Case& c, const std::filesystem::path& folder) {
  write(folder / (c.graph.name + "_" + std::string(to_string(c.target)) + ".blob"), blob_of(c, kSeed, true),
        samples_of(c.graph, kSeed));
}

}  // namespace
}  // namespace intact::test

using namespace intact::test;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_golden_blobs FOLDER\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    for (const intact::Graph& graph : {residual_network(4, kSeed), residual_network(1, kSeed),
                                       depthwise_network(8, kSeed), mixed_network(kSeed)})
      write_1_0(graph, folder / "v1_0");
    for (const Case& c : cases()) write_1_1(c, kSeed, folder / "v1_1");
    for (const Case& c : kernels_cases()) write_1_1(c, kKernelsSeed, folder / "v1_1_kernels");
    for (const Case& c : dense_cases()) write_1_1(c, kDenseSeed, folder / "v1_1_dense");
    for (const Case& c : streams_cases()) write_1_2(c, folder / "v1_2");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
