// What `intact compare` shows.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "cli/compare/comparison.h"

namespace intact {

struct CompareReport {
  Comparison comparison;
  StateHash hash{};
  std::string blob;    // file
  std::string target;  // that the blob was exported for
  std::size_t flash_bytes = 0;
  std::uint32_t arena_bytes = 0;
  std::int64_t macs = 0;
  std::string core;                           // empty: none was run
  std::optional<std::uint64_t> instructions;  // of one inference on the core
};

// One row a rung: samples, accuracy, and values compared and differing against all other integer rungs; then
// the pairs that differ, with the first difference; then sizes.
std::string to_text(const CompareReport& report);
nlohmann::ordered_json to_json(const CompareReport& report);

}  // namespace intact
