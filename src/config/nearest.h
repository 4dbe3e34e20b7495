// "Did you mean": the nearest of some words.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace intact {

// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of some words if it is near enough to be meant (typing errors, or a beginning), else "".
std::string_view nearest(std::string_view word, std::span<const std::string_view> valid);

// "did you mean 'x'? valid: a, b, x", the first part only where nearest() knows.
std::string nearest_hint(std::string_view word, std::span<const std::string_view> valid);

}  // namespace intact
