#include "config/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "config/where.h"

namespace intact {
namespace {

constexpr std::size_t kLongestWord = 100;  // longer ones are not worth the quadratic time
constexpr std::size_t kMostListed = 30;

// Last row of the Levenshtein table: entry j is the distance from a to the first j characters of b.
std::vector<std::size_t> distances(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  return distances(a, b).back();
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> valid) {
  constexpr std::size_t kShortestBeginning = 4;
  if (word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string_view candidate : valid) {
    const auto row = distances(word, candidate);
    std::size_t distance = row.back();
    if (word.size() >= kShortestBeginning)
      distance = std::min(distance, *std::min_element(row.begin(), row.end()) + 1);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string nearest_hint(std::string_view word, std::span<const std::string_view> valid) {
  std::string hint;
  if (const std::string_view best = nearest(word, valid); !best.empty())
    hint.append("did you mean ").append(quote(best)).append("? ");
  if (valid.empty()) return "none is valid here";
  hint += "valid: ";
  for (std::size_t i = 0; i < valid.size(); ++i) {
    if (i == kMostListed) return hint + ", ...";
    hint.append(i == 0 ? "" : ", ").append(valid[i]);
  }
  return hint;
}

}  // namespace intact
