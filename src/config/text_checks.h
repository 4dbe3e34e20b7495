// What a config's bytes must be before a YAML parser sees them.
#pragma once

#include <string_view>

#include "config/where.h"

namespace intact {

// Size, encoding (UTF-8 without byte order mark), control characters, line ends, tabs in the indentation, and
// flow nesting
// ([ and {) that no config has. Throws ConfigError; `located` says whether lines and columns mean something
// to the reader.
void check_text(std::string_view text, const Where& source, bool located);

}  // namespace intact
