#include "cli/json_file.h"

#include <nlohmann/json.hpp>

#include "core/atomic_file.h"

namespace intact {

void write_json(const std::string& file, const nlohmann::ordered_json& value) {
  if (file.empty()) return;
  const std::string text = value.dump(2) + "\n";
  if (file == "-") {
    std::fputs(text.c_str(), stdout);
  } else {
    atomic_write_file(file, text);
  }
}

std::FILE* text_output(const std::string& file) {
  return file == "-" ? stderr : stdout;
}

}  // namespace intact
