// Instructions of layers on emulated cores: each is exported for the core, run on it, and compared with the
// oracle.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/random.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/passes/pass.h"
#include "firmware/qemu_runner.h"
#include "integer/oracle.h"
#include "mcu/layer_graph.h"

namespace intact::benchmarks {
namespace {

struct Options {
  std::vector<std::string> cores, layers;
  std::vector<int> bits;  // weights, activations
  int kernel = -1;
  std::uint64_t scratch = 16384;
  std::string json;
  std::string shape;  // size,in,out,kernel,stride,depthwise
};

std::vector<std::uint8_t> random_bytes(std::size_t count) {
  RandomStream rng(7, {2});
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(rng.below(256)));
  return bytes;
}

nlohmann::ordered_json measure(Core core, const LayerShape& shape, int w, int a, const Options& o) {
  const LayerGraph made = layer_graph(shape, w, a, 1);
  LowerOptions options;
  options.target = target_of_core(to_string(core));
  options.scratch_limit = o.scratch;
  if (o.kernel >= 0) options.only_kernel = static_cast<std::uint16_t>(o.kernel);
  const Lowered lowered = lower(made.graph, options);
  const std::vector<std::uint8_t> blob = write_blob(lowered, {});
  const std::vector<std::uint8_t> input =
      random_bytes(static_cast<std::size_t>(made.graph.tensors[0].shape.elements()));
  const std::vector<Values> expected = Oracle(made.graph).run(input);
  DeviceOptions device;
  device.count_nodes = true;
  device.selftest = false;
  const DeviceResult result = run_on_core(
      core, blob, std::vector<std::vector<std::uint8_t>>{input},
      [&](std::size_t, std::size_t node, std::span<const std::int32_t> values) {
        if (!std::equal(values.begin(), values.end(), expected[node + 1].begin(), expected[node + 1].end()))
          throw Error(shape.name + ": node " + std::to_string(node) + " differs from the oracle");
      },
      device);
  const Node& node = made.graph.nodes[made.node];
  const NodePlan& plan = lowered.nodes[made.node];
  const auto macs = node_macs(made.graph, node);
  const std::uint64_t instructions = result.node_instructions.at(made.node);
  return {{"core", to_string(core)},
          {"layer", shape.name},
          {"weight_bits", w},
          {"activation_bits", a},
          {"kernel", kernel_name(plan.kernel.kernel)},
          {"macs", macs},
          {"instructions", instructions},
          {"scratch_bytes", plan.scratch_bytes},
          {"mac_per_insn", static_cast<double>(macs) / static_cast<double>(instructions)}};
}

LayerShape parse_shape(const std::string& text) {
  LayerShape s{text};
  int depthwise = 0;
  if (std::sscanf(text.c_str(), "%d,%d,%d,%d,%d,%d", &s.size, &s.in, &s.out, &s.kernel, &s.stride,
                  &depthwise) != 6)
    throw Error("--shape: size,in,out,kernel,stride,depthwise");
  s.depthwise = depthwise != 0;
  return s;
}

int run(int argc, char** argv) {
  Options o;
  CLI::App app("Instructions of layers on emulated cores");
  app.add_option("--core", o.cores, "cores (all)");
  app.add_option("--layer", o.layers, "layers (all)");
  app.add_option("--bits", o.bits, "weight bits and activation bits (8 8, 4 4, 2 2, 1 1)")->expected(2);
  app.add_option("--kernel", o.kernel, "number of a kernel, used wherever it can");
  app.add_option("--scratch", o.scratch, "bytes of scratch that a kernel may ask for");
  app.add_option("--shape", o.shape, "another layer: size,in,out,kernel,stride,depthwise");
  app.add_option("--json", o.json, "file for the rows");
  CLI11_PARSE(app, argc, argv);
  std::vector<Core> cores(std::begin(kAllCores), std::end(kAllCores));
  if (!o.cores.empty()) cores.clear();
  for (const std::string& name : o.cores) cores.push_back(parse_core(name));
  std::vector<std::pair<int, int>> bits{{8, 8}, {4, 4}, {2, 2}, {1, 1}};
  if (!o.bits.empty()) bits = {{o.bits[0], o.bits[1]}};
  std::vector<LayerShape> layers;
  for (const LayerShape& layer : benchmark_layers()) {
    if (o.shape.empty() &&
        (o.layers.empty() || std::count(o.layers.begin(), o.layers.end(), layer.name) != 0))
      layers.push_back(layer);
  }
  if (!o.shape.empty()) layers.push_back(parse_shape(o.shape));
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Core core : cores) {
    for (const LayerShape& layer : layers) {
      for (const auto& [w, a] : bits) {
        const auto row = measure(core, layer, w, a, o);
        std::printf("%-11s %-18s W%dA%d  %-14s %10lld insn  %7.3f MAC/insn  scratch %lld\n",
                    row["core"].get<std::string>().c_str(), layer.name.c_str(), w, a,
                    row["kernel"].get<std::string>().c_str(), row["instructions"].get<long long>(),
                    row["mac_per_insn"].get<double>(), row["scratch_bytes"].get<long long>());
        std::fflush(stdout);
        rows.push_back(row);
      }
    }
  }
  if (!o.json.empty()) {
    const std::string text = rows.dump(1) + "\n";
    atomic_write_file(o.json, text);
  }
  return 0;
}

}  // namespace
}  // namespace intact::benchmarks

int main(int argc, char** argv) {
  try {
    return intact::benchmarks::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
