#include <string>
#include <utility>

#include "config/load.h"
#include "config/where.h"

namespace intact {
namespace {

std::string describe(const std::string& file, int line, int column, const std::string& message,
                     const std::string& hint) {
  std::string text = file;
  if (line > 0) text.append(":").append(std::to_string(line));
  if (line > 0 && column > 0) text.append(":").append(std::to_string(column));
  text.append(": ").append(message);
  if (!hint.empty()) text.append(" (").append(hint).append(")");
  return text;
}

}  // namespace

ConfigError::ConfigError(std::string file, int line, int column, const std::string& message, std::string hint)
    : Error(describe(file, line, column, message, hint)),
      file_(std::move(file)),
      line_(line),
      column_(column),
      hint_(std::move(hint)) {}

std::string quote(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown = "'";
  for (const char c : text.substr(0, kShown))
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return shown.append(text.size() > kShown ? "...'" : "'");
}

void fail_at(const Where& where, const std::string& message, const std::string& hint) {
  throw ConfigError(where.source ? *where.source : std::string("config"), where.line, where.column, message,
                    hint);
}

}  // namespace intact
