// Instructions of layers and of the zoo's networks on emulated cores: each is exported for the core, run on
// it, and compared with the oracle.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "config/zoo.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "mcu/instruction_record.h"
#include "mcu/measure.h"

namespace intact::benchmarks {
namespace {

struct Options {
  std::vector<std::string> cores, layers;
  std::vector<int> bits;  // weights, activations
  bool mixed = false, networks = false;
  int kernel = -1, jobs = 1;
  MeasureOptions measure;
  std::string json, record;
  std::string shape;  // size,in,out,kernel,stride,depthwise
};

LayerShape parse_shape(const std::string& text) {
  LayerShape s{text};
  int depthwise = 0;
  if (std::sscanf(text.c_str(), "%d,%d,%d,%d,%d,%d", &s.size, &s.in, &s.out, &s.kernel, &s.stride,
                  &depthwise) != 6)
    throw Error("--shape: size,in,out,kernel,stride,depthwise");
  s.depthwise = depthwise != 0;
  return s;
}

using BitPairs = std::vector<std::pair<int, int>>;

const BitPairs kUniformBits{{8, 8}, {4, 4}, {2, 2}, {1, 1}};

BitPairs layer_bits(const Options& o) {
  if (!o.bits.empty()) return {{o.bits[0], o.bits[1]}};
  BitPairs bits = kUniformBits;
  if (!o.mixed) return bits;
  for (const int w : {8, 4, 2, 1}) {
    for (const int a : {8, 4, 2, 1}) {
      if (w != a) bits.emplace_back(w, a);
    }
  }
  return bits;
}

bool wanted(const Options& o, std::string_view name) {
  return o.layers.empty() ? o.shape.empty() : std::count(o.layers.begin(), o.layers.end(), name) != 0;
}

std::vector<Task> tasks_of(const Options& o) {
  std::vector<Core> cores(std::begin(kAllCores), std::end(kAllCores));
  if (!o.cores.empty()) cores.clear();
  for (const std::string& name : o.cores) cores.push_back(parse_core(name));
  std::vector<LayerShape> layers;
  for (const LayerShape& layer : benchmark_layers()) {
    if (wanted(o, layer.name)) layers.push_back(layer);
  }
  if (!o.shape.empty()) layers.push_back(parse_shape(o.shape));
  std::vector<Task> tasks;
  for (const Core core : cores) {
    for (const LayerShape& layer : layers) {
      for (const auto& [w, a] : layer_bits(o)) tasks.push_back({core, layer, false, w, a});
    }
    for (const std::string_view name : zoo_names()) {
      if (!wanted(o, name) || (o.layers.empty() && !o.networks)) continue;
      for (const auto& [w, a] : o.bits.empty() ? kUniformBits : layer_bits(o))
        tasks.push_back({core, {std::string(name)}, true, w, a});
    }
  }
  return tasks;
}

std::string line_of(const Row& row) {
  char text[256];
  std::snprintf(text, sizeof text, "%-11s %-16s W%dA%d  %-14s %11llu insn  %7.3f MAC/insn", row.core.c_str(),
                row.layer.c_str(), row.weight_bits, row.activation_bits, row.kernel.c_str(),
                static_cast<unsigned long long>(row.instructions), mac_per_insn(row));
  std::string line = text;
  if (row.modelled_cycles) {
    std::snprintf(text, sizeof text, "  %11llu cycles",
                  static_cast<unsigned long long>(*row.modelled_cycles));
    line += text;
  }
  std::snprintf(text, sizeof text, "  flash %llu  scratch %llu",
                static_cast<unsigned long long>(row.flash_bytes),
                static_cast<unsigned long long>(row.scratch_bytes));
  line += text;
  if (row.arena_bytes) line += "  arena " + std::to_string(*row.arena_bytes);
  return line;
}

void print_slower(const std::vector<Row>& rows) {
  const auto slower =
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.slower_than_w8a8; });
  if (slower == 0) return;
  std::printf("\nslower than W8A8 (instructions, or modelled cycles): %lld of %zu rows\n",
              static_cast<long long>(slower), rows.size());
  for (const Row& row : rows) {
    if (row.slower_than_w8a8) std::printf("%s\n", line_of(row).c_str());
  }
}

int run(int argc, char** argv) {
  Options o;
  CLI::App app("Instructions of layers and networks on emulated cores");
  app.add_option("--core", o.cores, "cores (all)");
  app.add_option("--layer", o.layers, "layers, or networks of the zoo (all layers)");
  app.add_option("--bits", o.bits, "weight bits and activation bits (8 8, 4 4, 2 2, 1 1)")->expected(2);
  app.add_flag("--mixed", o.mixed, "all combinations of 8, 4, 2 and 1 bits");
  app.add_flag("--networks", o.networks, "the zoo's networks too");
  app.add_flag("--cycles", o.measure.cycles, "model the cycles where there is a model: on the Cortex-M4");
  app.add_option("--kernel", o.kernel, "number of a kernel, used wherever it can");
  app.add_option("--scratch", o.measure.scratch_limit, "bytes of scratch that a kernel may ask for");
  app.add_flag("--stream", o.measure.stream, "layers in bands of rows where that makes the arena smaller");
  app.add_option("--shape", o.shape, "another layer: size,in,out,kernel,stride,depthwise");
  app.add_option("--jobs", o.jobs, "emulations at a time")->check(CLI::Range(1, 64));
  app.add_option("--json", o.json, "file for the rows");
  app.add_option("--record", o.record,
                 "measure the rows of the regression test and write its table to this file");
  CLI11_PARSE(app, argc, argv);
  if (o.kernel >= 0) o.measure.kernel = static_cast<std::uint16_t>(o.kernel);
  const auto print = [](const Row& row) {
    std::printf("%s\n", line_of(row).c_str());
    std::fflush(stdout);
  };
  if (!o.record.empty()) {
    const InstructionRecord record{compilers(), measure_all(recorded_tasks(), {}, o.jobs, print)};
    atomic_write_file(o.record, std::string_view(to_text(record)));
    return 0;
  }
  std::vector<Row> rows = measure_all(tasks_of(o), o.measure, o.jobs, print);
  mark_slower_rows(rows);
  print_slower(rows);
  if (!o.json.empty()) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const Row& row : rows) json.push_back(to_json(row));
    const std::string text = json.dump(1) + "\n";
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
