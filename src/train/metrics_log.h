// metrics.jsonl: one JSON object a line, appended; cut back to a checkpoint's length on resume.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json_fwd.hpp>

namespace intact {

class MetricsLog {
 public:
  // Keeps the first `keep` bytes of an existing file.
  MetricsLog(const std::filesystem::path& file, std::int64_t keep);

  void write(const nlohmann::json& line);
  std::int64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path file_;
  std::ofstream stream_;
  std::int64_t bytes_;
};

}  // namespace intact
