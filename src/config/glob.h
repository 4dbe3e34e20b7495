// Patterns over layer names: * (any text), ? (one character), [abc], [a-z], [!abc].
#pragma once

#include <string_view>

namespace intact {

// Whether every [ has its ], with something between.
bool glob_is_valid(std::string_view pattern);

// Whether the pattern covers the whole text, in time O(pattern * text). An invalid pattern matches nothing.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace intact
