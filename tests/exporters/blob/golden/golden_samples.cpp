#include "golden_samples.h"

#include "core/error.h"

namespace intact::test {

std::vector<std::uint8_t> write_samples(std::span<const GoldenSample> samples) {
  std::vector<std::uint8_t> bytes;
  for (const GoldenSample& sample : samples) {
    bytes.insert(bytes.end(), sample.input.begin(), sample.input.end());
    for (const std::int32_t value : sample.output) {
      for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> shift));
    }
  }
  return bytes;
}

std::vector<GoldenSample> read_samples(std::span<const std::uint8_t> bytes, std::size_t input_bytes,
                                       std::size_t output_values) {
  const std::size_t size = input_bytes + 4 * output_values;
  if (bytes.empty() || bytes.size() % size != 0) throw Error("golden samples: not whole samples");
  std::vector<GoldenSample> samples;
  for (; !bytes.empty(); bytes = bytes.subspan(size)) {
    GoldenSample sample;
    sample.input.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(input_bytes));
    for (std::size_t i = 0; i < output_values; ++i) {
      std::uint32_t value = 0;
      for (std::size_t j = 0; j < 4; ++j) value |= std::uint32_t{bytes[input_bytes + 4 * i + j]} << (8 * j);
      sample.output.push_back(static_cast<std::int32_t>(value));
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace intact::test
