// A place in a config, and the one way to report a fault there.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace intact {

// source: the file's name, or the text of a --set. line and column are 1-based (columns count bytes); 0 for a
// --set.
struct Where {
  std::shared_ptr<const std::string> source;
  int line = 0, column = 0;
};

// The text in single quotes for a message: at most 60 bytes of it, control characters replaced.
std::string quote(std::string_view text);

// Throws ConfigError.
[[noreturn]] void fail_at(const Where& where, const std::string& message, const std::string& hint = {});

}  // namespace intact
