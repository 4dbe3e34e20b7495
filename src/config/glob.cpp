#include "config/glob.h"

namespace intact {
namespace {

// Length of the set "[...]" at the start of the pattern, 0 if it has no end.
std::size_t set_length(std::string_view pattern) {
  const std::size_t first = pattern.size() > 1 && pattern[1] == '!' ? 2 : 1;
  const std::size_t end = pattern.find(']', first + 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

bool set_holds(std::string_view set, char c) {
  set = set.substr(1, set.size() - 2);
  const bool negated = set.size() > 1 && set.front() == '!';
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || set[i] == c;
    }
  }
  return found != negated;
}

// Length of the pattern's first element if it takes the character c, else 0.
std::size_t match_one(std::string_view pattern, char c) {
  if (pattern.empty()) return 0;
  if (pattern.front() == '?') return 1;
  if (pattern.front() != '[') return pattern.front() == c ? 1 : 0;
  const std::size_t length = set_length(pattern);
  return length > 0 && set_holds(pattern.substr(0, length), c) ? length : 0;
}

}  // namespace

bool glob_is_valid(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '[') continue;
    const std::size_t length = set_length(pattern.substr(i));
    if (length == 0) return false;
    i += length - 1;
  }
  return !pattern.empty();
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  if (!glob_is_valid(pattern)) return false;
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;  // the last * and the text it leaves to the rest
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    if (const std::size_t length = match_one(pattern.substr(p), text[t]); length > 0) {
      p += length;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace intact
