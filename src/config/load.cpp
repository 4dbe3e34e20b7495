#include "config/load.h"

#include <cctype>
#include <fstream>
#include <system_error>

#include "config/check_quantization.h"
#include "config/map_reader.h"
#include "config/sections.h"
#include "config/set_override.h"
#include "config/tree.h"

namespace intact {
namespace {

constexpr std::size_t kLongestName = 100;

// A run's name is the name of its folder.
void check_name(const TreeNode& node, const std::string& name) {
  bool valid = name.size() <= kLongestName && name.front() != '.' && name.front() != '-';
  for (const char c : name) {
    valid = valid && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-');
  }
  if (!valid) {
    fail_at(node.where,
            "'name' must have 1 to " + std::to_string(kLongestName) +
                " characters A-Z a-z 0-9 _ . -, the first no . or -",
            "it names the run's folder");
  }
}

ExperimentConfig read_experiment(const TreeNode& root) {
  const MapReader map(
      root, "the config",
      {"name", "seed", "threads", "data", "model", "quantization", "train", "calibrate", "export"});
  ExperimentConfig config;
  config.source = *root.where.source;
  const TreeNode& name = map.require("name");
  config.name = read_text(name, "name");
  check_name(name, config.name);
  if (const TreeNode* seed = map.find("seed")) config.seed = read_uint64(*seed, "seed");
  map.integer("threads", config.threads, {0, 1024});
  config.data = read_data(map.require("data"));
  config.model = read_model(map.require("model"));
  QuantizationPlaces places;
  if (const TreeNode* quantization = map.find("quantization")) {
    config.quantization = read_quantization(*quantization, places);
  }
  check_quantization(config, places);
  config.train = read_train(map.require("train"));
  if (const TreeNode* section = map.find("calibrate")) config.calibrate = read_calibrate(*section);
  if (const TreeNode* section = map.find("export")) config.export_ = read_export(*section);
  return config;
}

std::string read_file(const std::filesystem::path& file) {
  const Where where{std::make_shared<const std::string>(file.string()), 0, 0};
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) fail_at(where, "no such file");
  if (code) fail_at(where, "cannot be read: " + code.message());
  if (status.type() != std::filesystem::file_type::regular) fail_at(where, "is not a regular file");
  const auto size = std::filesystem::file_size(file, code);
  if (code) fail_at(where, "cannot be read: " + code.message());
  if (size > kMaxConfigBytes) {
    fail_at(where, "is larger than " + std::to_string(kMaxConfigBytes) + " bytes",
            "a config has a few kilobytes");
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in) fail_at(where, "cannot be read");
  return text;
}

}  // namespace

ExperimentConfig parse_config(std::string_view text, const std::string& name,
                              const std::vector<std::string>& sets) {
  TreeNode root = parse_tree(text, name);
  if (root.kind == TreeNode::Kind::kNull) {
    fail_at({std::make_shared<const std::string>(name), 0, 0}, "the config is empty",
            "it needs the keys name, data, model and train");
  }
  for (const std::string& set : sets) apply_set(root, set);
  return read_experiment(root);
}

ExperimentConfig load_config(const std::filesystem::path& file, const std::vector<std::string>& sets) {
  return parse_config(read_file(file), file.string(), sets);
}

}  // namespace intact
