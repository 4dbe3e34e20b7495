#include "mcu/instruction_record.h"

#include "core/error.h"

namespace intact::benchmarks {
namespace {

bool same_row(const Row& a, const Row& b) {
  return a.core == b.core && a.layer == b.layer && a.weight_bits == b.weight_bits &&
         a.activation_bits == b.activation_bits;
}

void add_layers(std::vector<Task>& tasks, Core core, const std::vector<std::string_view>& names,
                const std::vector<std::pair<int, int>>& bits) {
  for (const LayerShape& layer : benchmark_layers()) {
    for (const std::string_view name : names) {
      if (layer.name != name) continue;
      for (const auto& [w, a] : bits) tasks.push_back({core, layer, false, w, a});
    }
  }
}

}  // namespace

std::map<std::string, std::string> compilers() {
  return {{"arm", INTACT_ARM_COMPILER}, {"riscv", INTACT_RISCV_COMPILER}};
}

std::string compiler_family(std::string_view core) {
  return core.starts_with("cortex") ? "arm" : "riscv";
}

std::vector<Task> recorded_tasks() {
  const std::vector<std::pair<int, int>> uniform{{8, 8}, {4, 4}, {2, 2}, {1, 1}};
  std::vector<Task> tasks;
  for (const LayerShape& layer : benchmark_layers()) {
    for (const auto& [w, a] : uniform) tasks.push_back({Core::kCortexM4, layer, false, w, a});
  }
  add_layers(tasks, Core::kCortexM4, {"conv3x3_16x16_32"}, {{2, 4}, {4, 8}, {8, 4}, {1, 8}});
  add_layers(tasks, Core::kCortexM55, {"conv3x3_16x16_32", "pw_64x64_8", "dw3x3_16_32", "fc_256x64"},
             uniform);
  for (const Core core : {Core::kCortexM0, Core::kCortexM3, Core::kRv32})
    add_layers(tasks, core, {"conv3x3_64x64_8", "dw3x3_64_8", "fc_256x64"}, uniform);
  for (const auto& [w, a] : uniform) tasks.push_back({Core::kCortexM4, {"resnet8"}, true, w, a});
  return tasks;
}

std::string to_text(const InstructionRecord& record) {
  std::string text =
      "{\n \"compilers\": " + nlohmann::ordered_json(record.compilers).dump() + ",\n \"rows\": [\n";
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    const Row& row = record.rows[i];
    text += "  " + nlohmann::ordered_json{{"core", row.core},
                                          {"layer", row.layer},
                                          {"weight_bits", row.weight_bits},
                                          {"activation_bits", row.activation_bits},
                                          {"kernel", row.kernel},
                                          {"instructions", row.instructions}}
                       .dump();
    text += i + 1 == record.rows.size() ? "\n" : ",\n";
  }
  return text + " ]\n}\n";
}

InstructionRecord parse_record(const std::string& text) {
  InstructionRecord record;
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    record.compilers = json.at("compilers").get<std::map<std::string, std::string>>();
    for (const nlohmann::json& item : json.at("rows")) {
      Row row;
      item.at("core").get_to(row.core);
      item.at("layer").get_to(row.layer);
      item.at("weight_bits").get_to(row.weight_bits);
      item.at("activation_bits").get_to(row.activation_bits);
      item.at("kernel").get_to(row.kernel);
      item.at("instructions").get_to(row.instructions);
      record.rows.push_back(std::move(row));
    }
  } catch (const nlohmann::json::exception& e) {
    throw Error(std::string("the record of instructions: ") + e.what());
  }
  return record;
}

RowChange change_of(const InstructionRecord& record, const std::map<std::string, std::string>& here,
                    const Row& measured) {
  const std::string family = compiler_family(measured.core);
  for (const Row& row : record.rows) {
    if (!same_row(row, measured)) continue;
    const auto then = record.compilers.find(family), now = here.find(family);
    const bool comparable =
        then != record.compilers.end() && now != here.end() && then->second == now->second;
    return {true, comparable,
            static_cast<double>(measured.instructions) / static_cast<double>(row.instructions) - 1};
  }
  return {};
}

}  // namespace intact::benchmarks
