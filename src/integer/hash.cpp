#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "integer/graph.h"

namespace intact {

StateHash hash_graph(const Graph& graph) {
  const std::vector<std::uint8_t> bytes = serialize_graph(graph);
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  StateHash hash{};
  static_assert(sizeof(canonical.digest) == sizeof(StateHash));
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), hash.begin());
  return hash;
}

std::string to_hex(const StateHash& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace intact
