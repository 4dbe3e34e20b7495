#include "mcu/measure.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "core/error.h"
#include "core/random.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/inspect/node_costs.h"
#include "exporters/passes/pass.h"
#include "integer/oracle.h"
#include "mcu/network_graph.h"
#include "mcu/ordered_workers.h"

namespace intact::benchmarks {
namespace {

std::vector<std::uint8_t> random_bytes(std::int64_t count) {
  RandomStream rng(7, {2});
  std::vector<std::uint8_t> bytes;
  for (std::int64_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(rng.below(256)));
  return bytes;
}

// A graph as it was exported for a core and as it ran there.
struct Measured {
  std::vector<std::uint8_t> blob;
  BlobContents contents;
  std::vector<NodeCosts> costs;
  DeviceResult result;
};

Measured run_checked(Core core, const Graph& graph, const MeasureOptions& o) {
  LowerOptions options;
  options.target = target_of_core(to_string(core));
  options.scratch_limit = o.scratch_limit;
  options.only_kernel = o.kernel;
  options.stream = o.stream;
  Measured m;
  m.blob = write_blob(lower(graph, options), {});
  m.contents = read_blob(m.blob);
  m.costs = node_costs(m.contents);
  const std::vector<std::vector<std::uint8_t>> inputs{random_bytes(graph.tensors[0].shape.elements())};
  const std::vector<Values> expected = Oracle(m.contents.lowered.graph).run(inputs[0]);
  DeviceOptions device;
  device.count_nodes = true;
  device.selftest = false;
  device.model_cycles = o.cycles;
  m.result = run_on_core(
      core, m.blob, inputs,
      [&](std::size_t, std::size_t node, std::span<const std::int32_t> values) {
        if (!std::equal(values.begin(), values.end(), expected[node + 1].begin(), expected[node + 1].end()))
          throw Error(graph.name + ": node " + std::to_string(node) + " differs from the oracle");
      },
      device);
  return m;
}

std::string kernels_of(const std::vector<NodeCosts>& costs) {
  std::string names;
  std::vector<std::string_view> seen;
  for (const NodeCosts& node : costs) {
    if (node.kernel.empty() || std::count(seen.begin(), seen.end(), node.kernel) != 0) continue;
    seen.push_back(node.kernel);
    if (!names.empty()) names += '+';
    names += node.kernel;
  }
  return names;
}

Row row_of(const Task& task) {
  Row row;
  row.core = to_string(task.core);
  row.layer = task.shape.name;
  row.weight_bits = task.weight_bits;
  row.activation_bits = task.activation_bits;
  return row;
}

Row measure_layer(const Task& task, const MeasureOptions& options) {
  const LayerGraph made = layer_graph(task.shape, task.weight_bits, task.activation_bits, 1);
  const Measured m = run_checked(task.core, made.graph, options);
  const NodeCosts& costs = m.costs.at(made.node);
  Row row = row_of(task);
  row.kernel = costs.kernel;
  row.macs = costs.macs;
  row.instructions = m.result.node_instructions.at(made.node);
  if (!m.result.node_cycles.empty()) row.modelled_cycles = m.result.node_cycles.at(made.node);
  row.flash_bytes = costs.weight_bytes + costs.constant_bytes;
  row.scratch_bytes = costs.scratch_bytes;
  return row;
}

Row measure_network(const Task& task, const MeasureOptions& options) {
  const Measured m = run_checked(
      task.core, network_graph(task.shape.name, task.weight_bits, task.activation_bits, 1), options);
  Row row = row_of(task);
  row.kernel = kernels_of(m.costs);
  row.macs = graph_macs(m.contents.lowered.graph);
  row.instructions = m.result.instructions;
  if (!m.result.node_cycles.empty())
    row.modelled_cycles =
        std::accumulate(m.result.node_cycles.begin(), m.result.node_cycles.end(), std::uint64_t{0});
  row.flash_bytes = m.blob.size();
  for (const NodeCosts& node : m.costs)
    row.scratch_bytes = std::max<std::uint64_t>(row.scratch_bytes, node.scratch_bytes);
  row.arena_bytes = m.contents.lowered.arena_bytes;
  return row;
}

const Row* row_at_8_bits(const std::vector<Row>& rows, const Row& row) {
  for (const Row& other : rows) {
    if (other.core == row.core && other.layer == row.layer && other.weight_bits == 8 &&
        other.activation_bits == 8)
      return &other;
  }
  return nullptr;
}

}  // namespace

Row measure(const Task& task, const MeasureOptions& options) {
  return task.network ? measure_network(task, options) : measure_layer(task, options);
}

std::vector<Row> measure_all(const std::vector<Task>& tasks, const MeasureOptions& options, int jobs,
                             const std::function<void(const Row&)>& done) {
  std::vector<Row> rows(tasks.size());
  in_order(
      tasks.size(), jobs, [&](std::size_t i) { rows[i] = measure(tasks[i], options); },
      [&](std::size_t i) { done(rows[i]); });
  return rows;
}

double mac_per_insn(const Row& row) {
  return static_cast<double>(row.macs) / static_cast<double>(row.instructions);
}

nlohmann::ordered_json to_json(const Row& row) {
  nlohmann::ordered_json json{{"core", row.core},
                              {"layer", row.layer},
                              {"weight_bits", row.weight_bits},
                              {"activation_bits", row.activation_bits},
                              {"kernel", row.kernel},
                              {"macs", row.macs},
                              {"instructions", row.instructions},
                              {"modelled_cycles", nullptr},
                              {"flash_bytes", row.flash_bytes},
                              {"scratch_bytes", row.scratch_bytes},
                              {"mac_per_insn", mac_per_insn(row)},
                              {"slower_than_w8a8", row.slower_than_w8a8}};
  if (row.modelled_cycles) json["modelled_cycles"] = *row.modelled_cycles;
  if (row.arena_bytes) json["arena_bytes"] = *row.arena_bytes;
  return json;
}

void mark_slower_rows(std::vector<Row>& rows) {
  for (Row& row : rows) {
    const Row* wide = row_at_8_bits(rows, row);
    if (wide == nullptr) continue;
    row.slower_than_w8a8 =
        row.instructions > wide->instructions ||
        (row.modelled_cycles && wide->modelled_cycles && *row.modelled_cycles > *wide->modelled_cycles);
  }
}

}  // namespace intact::benchmarks
