// Strict YAML to ExperimentConfig and back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/experiment.h"
#include "core/error.h"

namespace intact {

// what() reads "file:line:column: what is wrong (hint)"; for a fault in a --set "--set key=value: what is
// wrong (hint)". Exit code 2.
class ConfigError : public Error {
 public:
  ConfigError(std::string file, int line, int column, const std::string& message, std::string hint);
  int exit_code() const override { return 2; }
  const std::string& file() const { return file_; }
  int line() const { return line_; }      // 1-based; 0 if the file as a whole or a --set is meant
  int column() const { return column_; }  // 1-based, in bytes
  const std::string& hint() const { return hint_; }

 private:
  std::string file_;
  int line_, column_;
  std::string hint_;
};

// Reads, checks and completes a config (zoo expanded, layer inputs made explicit). `sets` holds
// "key.path=value" overrides (--set), list elements by index ("train.phases.1.epochs=3"). Hostile input:
// refuses files over 1 MiB, nesting over 64 levels, any anchor or alias, duplicate keys, more than one
// document. Throws ConfigError for every fault.
ExperimentConfig load_config(const std::filesystem::path& file, const std::vector<std::string>& sets = {});

// The same from text; `name` stands for the file in errors.
ExperimentConfig parse_config(std::string_view text, const std::string& name,
                              const std::vector<std::string>& sets = {});

// Complete YAML (every key written) that parse_config reads back to an equal value.
std::string dump_config(const ExperimentConfig& config);

}  // namespace intact
