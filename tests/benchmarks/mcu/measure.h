// One row of the microcontroller benchmark.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "firmware/qemu_runner.h"
#include "mcu/layer_graph.h"

namespace intact::benchmarks {

struct MeasureOptions {
  std::uint64_t scratch_limit = 16384;
  std::optional<std::uint16_t> kernel;  // wherever it can; else what the exporter chooses
  bool cycles = false;                  // model them, on the core that has a model
  bool stream = false;                  // layers in bands of rows, as `intact export --stream`
};

struct Row {
  std::string core, layer;
  int weight_bits = 8, activation_bits = 8;
  std::string kernel;  // of a network: those of its convolutions, once each
  std::int64_t macs = 0;
  std::uint64_t instructions = 0;
  std::optional<std::uint64_t> modelled_cycles;
  std::uint64_t flash_bytes = 0;             // weights, multipliers and biases; of a network: its blob
  std::uint64_t scratch_bytes = 0;           // of a network: of the layer with the most
  std::optional<std::uint64_t> arena_bytes;  // of a network
  bool slower_than_w8a8 = false;             // mark_slower_rows
};

// What a row measures.
struct Task {
  Core core = Core::kCortexM4;
  LayerShape shape;
  bool network = false;  // the zoo's network of the shape's name, not a layer
  int weight_bits = 8, activation_bits = 8;
};

// Exports the layer or network for the core, runs it there and compares every value with the oracle. Throws
// Error where one differs.
Row measure(const Task& task, const MeasureOptions& options);

// All of them, `jobs` at a time; `done` gets the rows in order.
std::vector<Row> measure_all(const std::vector<Task>& tasks, const MeasureOptions& options, int jobs,
                             const std::function<void(const Row&)>& done);

double mac_per_insn(const Row& row);
nlohmann::ordered_json to_json(const Row& row);

// Marks rows that need more instructions or more modelled cycles than the row of the same core and layer at 8
// bits.
void mark_slower_rows(std::vector<Row>& rows);

}  // namespace intact::benchmarks
