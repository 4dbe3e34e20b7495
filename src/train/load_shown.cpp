#include "train/load_shown.h"

#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "train/progress_line.h"

namespace intact {

DataSplits load_shown(const DataConfig& config) {
  std::unique_ptr<ProgressLine> line;
  DataEvents events;
  events.decoded = [&](std::size_t done, std::size_t total) {
    if (!line) line = std::make_unique<ProgressLine>("decoding images", static_cast<double>(total), "img");
    line->update(static_cast<double>(done), "");
  };
  events.note = [&](const std::string& text) {
    line.reset();
    spdlog::info("{}", text);
  };
  return load_data(config, events);
}

}  // namespace intact
