// How kernels over channels-last memory meet channels: in chunks of `lanes` elements, a multiple of the
// channels, beside arrays "by lane" that hold each channel's number lanes / channels times over. So element i
// of a chunk meets number i, and every loop is one over contiguous memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace intact {

// At least 256 elements to a chunk, if the channels allow.
inline std::int64_t lanes_for(std::int64_t channels) {
  constexpr std::int64_t kLeast = 256;
  return channels * std::max<std::int64_t>(1, kLeast / channels);
}

// by_channel has an entry for each channel, or one for all.
template <class To, class From>
std::vector<To> by_lane(const std::vector<From>& by_channel, std::int64_t lanes) {
  std::vector<To> all(static_cast<std::size_t>(lanes));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<To>(by_channel[i % by_channel.size()]);
  return all;
}

}  // namespace intact
