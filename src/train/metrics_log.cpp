#include "train/metrics_log.h"

#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"

namespace intact {

MetricsLog::MetricsLog(const std::filesystem::path& file, std::int64_t keep) : file_(file), bytes_(keep) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  if (!none && size > static_cast<std::uintmax_t>(keep))
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(keep));
  if (none || size < static_cast<std::uintmax_t>(keep)) bytes_ = none ? 0 : static_cast<std::int64_t>(size);
  stream_.open(file, std::ios::app | std::ios::binary);
  if (!stream_) throw Error(file.string() + ": cannot be written");
}

void MetricsLog::write(const nlohmann::json& line) {
  const std::string text = line.dump() + "\n";
  stream_ << text << std::flush;
  if (!stream_) throw Error(file_.string() + ": writing failed; is the disk full?");
  bytes_ += static_cast<std::int64_t>(text.size());
}

}  // namespace intact
