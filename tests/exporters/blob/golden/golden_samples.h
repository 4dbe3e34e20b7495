// What is recorded beside a golden blob, in NAME.samples: samples one after another, each the input's bytes
// and then the output's logical values as i32, little-endian.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace intact::test {

struct GoldenSample {
  std::vector<std::uint8_t> input;
  std::vector<std::int32_t> output;
};

std::vector<std::uint8_t> write_samples(std::span<const GoldenSample> samples);

// Throws Error unless `bytes` holds whole samples.
std::vector<GoldenSample> read_samples(std::span<const std::uint8_t> bytes, std::size_t input_bytes,
                                       std::size_t output_values);

}  // namespace intact::test
