#include "cli/run_log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "cli/json_file.h"

namespace intact {

void log_to(const RunFolder& folder, const std::string& json) {
  spdlog::sink_ptr console;
  if (text_output(json) == stderr) {
    console = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  } else {
    console = std::make_shared<spdlog::sinks::stdout_color_sink_mt>();
  }
  console->set_pattern("%v");
  auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(folder.log().string(), /*truncate=*/false);
  file->set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");
  auto logger = std::make_shared<spdlog::logger>("intact", spdlog::sinks_init_list{console, file});
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

}  // namespace intact
