#include "cli/profile/network_profile.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "exporters/inspect/node_costs.h"
#include "exporters/inspect/text_table.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

constexpr std::size_t kNameWidth = 24;

DeviceResult run_once(Core core, std::span<const std::uint8_t> blob, const BlobContents& contents) {
  std::vector<std::vector<std::uint8_t>> inputs(1);
  inputs[0] = contents.golden.empty()
                  ? std::vector<std::uint8_t>(tensor_bytes(contents.lowered.graph.tensors.front()))
                  : contents.golden[0].input;
  DeviceOptions options;
  options.every_node = false;
  options.count_instructions = false;
  options.count_nodes = true;
  options.model_cycles = true;
  options.selftest = false;
  return run_on_core(
      core, blob, inputs, [](std::size_t, std::size_t, std::span<const std::int32_t>) {}, options);
}

double ratio(double a, double b) {
  return b > 0 ? a / b : 0;
}

double mac_per_insn(std::int64_t macs, std::uint64_t instructions) {
  return ratio(static_cast<double>(macs), static_cast<double>(instructions));
}

std::string decimal(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string cycles_text(const std::optional<std::uint64_t>& cycles) {
  return cycles ? with_commas(*cycles) : "-";
}

nlohmann::ordered_json cycles_json(const std::optional<std::uint64_t>& cycles) {
  return cycles ? nlohmann::ordered_json(*cycles) : nlohmann::ordered_json();
}

}  // namespace

NetworkProfile profile_network(Core core, std::span<const std::uint8_t> blob, const BlobContents& contents) {
  const DeviceResult result = run_once(core, blob, contents);
  const Graph& graph = contents.lowered.graph;
  const std::vector<NodeCosts> costs = node_costs(contents);
  const std::vector<std::uint64_t> demands = arena_demands(contents.lowered);
  NetworkProfile profile;
  profile.core = to_string(core);
  profile.flash_bytes = contents.bytes;
  profile.arena_bytes = contents.lowered.arena_bytes;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    LayerProfile layer;
    layer.name = graph.tensors[static_cast<std::size_t>(graph.nodes[i].output)].name;
    layer.operation = to_string(graph.nodes[i].state.op);
    layer.kernel = costs[i].kernel;
    layer.macs = costs[i].macs;
    layer.instructions = result.node_instructions.at(i);
    if (!result.node_cycles.empty()) layer.cycles = result.node_cycles.at(i);
    layer.flash_bytes = costs[i].weight_bytes + costs[i].constant_bytes;
    layer.scratch_bytes = costs[i].scratch_bytes;
    layer.arena_bytes = demands[i];
    profile.macs += layer.macs;
    profile.instructions += layer.instructions;
    if (layer.cycles) profile.cycles = profile.cycles.value_or(0) + *layer.cycles;
    profile.layers.push_back(std::move(layer));
  }
  for (LayerProfile& layer : profile.layers) {
    layer.share =
        layer.cycles
            ? ratio(static_cast<double>(*layer.cycles), static_cast<double>(*profile.cycles))
            : ratio(static_cast<double>(layer.instructions), static_cast<double>(profile.instructions));
  }
  return profile;
}

std::string to_text(const NetworkProfile& profile) {
  TextTable table({{"#"},
                   {"layer", Align::kLeft},
                   {"operation", Align::kLeft},
                   {"kernel", Align::kLeft},
                   {"MACs"},
                   {"instructions"},
                   {"cycles"},
                   {"share"},
                   {"MAC/insn"},
                   {"flash"},
                   {"scratch"},
                   {"arena"}});
  for (std::size_t i = 0; i < profile.layers.size(); ++i) {
    const LayerProfile& l = profile.layers[i];
    table.add({std::to_string(i), printable(l.name, kNameWidth), l.operation,
               l.kernel.empty() ? "-" : l.kernel,
               l.macs == 0 ? "-" : with_commas(static_cast<std::uint64_t>(l.macs)),
               with_commas(l.instructions), cycles_text(l.cycles), decimal(100 * l.share, "%.1f%%"),
               l.macs == 0 ? "-" : decimal(mac_per_insn(l.macs, l.instructions), "%.3f"),
               with_commas(l.flash_bytes), with_commas(l.scratch_bytes), with_commas(l.arena_bytes)});
  }
  table.add({"", "all", "", "", with_commas(static_cast<std::uint64_t>(profile.macs)),
             with_commas(profile.instructions), cycles_text(profile.cycles), "100.0%",
             decimal(mac_per_insn(profile.macs, profile.instructions), "%.3f"),
             with_commas(profile.flash_bytes), "", with_commas(profile.arena_bytes)});
  std::string text = profile.blob;
  if (!profile.target.empty()) text += ", exported for " + printable(profile.target, kNameWidth);
  text += ", on " + core_description(parse_core(profile.core)) + "\n\n" + table.render();
  text += profile.cycles
              ? "Cycles are a model from the core's reference manual, without flash wait states "
                "(docs/KERNELS.md). Share: of the cycles.\n"
              : "There is a model of cycles for the Cortex-M4 alone. Share: of the instructions.\n";
  text += "Flash: weights, multipliers, biases; of all: the blob. Arena: tensors in use and scratch.\n";
  return text;
}

nlohmann::ordered_json to_json(const NetworkProfile& profile) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const LayerProfile& l : profile.layers) {
    layers.push_back(
        {{"layer", l.name},
         {"operation", l.operation},
         {"kernel", l.kernel.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(l.kernel)},
         {"macs", l.macs},
         {"instructions", l.instructions},
         {"modelled_cycles", cycles_json(l.cycles)},
         {"share", l.share},
         {"mac_per_insn", mac_per_insn(l.macs, l.instructions)},
         {"flash_bytes", l.flash_bytes},
         {"scratch_bytes", l.scratch_bytes},
         {"arena_bytes", l.arena_bytes}});
  }
  return {
      {"core", profile.core},
      {"blob", profile.blob},
      {"target", profile.target.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(profile.target)},
      {"macs", profile.macs},
      {"instructions", profile.instructions},
      {"modelled_cycles", cycles_json(profile.cycles)},
      {"mac_per_insn", mac_per_insn(profile.macs, profile.instructions)},
      {"flash_bytes", profile.flash_bytes},
      {"arena_bytes", profile.arena_bytes},
      {"layers", layers}};
}

}  // namespace intact
