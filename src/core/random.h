// Counter-based random streams: the numbers depend on (seed, stream keys, counter) alone, so that worker and
// thread counts change nothing and a run resumes without stored generator state. SplitMix64 (Steele, Lea,
// Flood 2014) as mixing function.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace intact {

class RandomStream {
 public:
  // keys name the use: {purpose, epoch, sample}, say.
  RandomStream(std::uint64_t seed, std::initializer_list<std::uint64_t> keys) : state_(mix(seed)) {
    for (std::uint64_t key : keys) state_ = mix(state_ ^ mix(key + kGamma));
  }

  std::uint64_t next() { return mix(state_ += kGamma); }

  // Uniform in 0 .. n - 1, n >= 1 (multiply-shift; the bias is below n / 2^32).
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32) * static_cast<std::uint64_t>(n)) >> 32);
  }

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  static constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15ULL;
  static std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
};

}  // namespace intact
