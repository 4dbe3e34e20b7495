#include "cli/compare/device_rung.h"

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "firmware/qemu_runner.h"
#include "train/progress_line.h"

namespace intact {

DeviceRung::DeviceRung(const Graph& graph, std::span<const std::uint8_t> blob, const std::string& core,
                       const Dataset& data, std::int64_t samples)
    : graph_(graph), core_(core), samples_(samples), values_(make_node_values(graph, samples)) {
  std::vector<std::vector<std::uint8_t>> inputs;
  for (std::int64_t i = 0; i < samples; ++i) {
    const auto image = data.image(static_cast<std::size_t>(i));
    inputs.emplace_back(image.begin(), image.end());
  }
  ProgressLine line(core, static_cast<double>(samples), "samples");
  const DeviceResult result = run_on_core(
      parse_core(core), blob, inputs,
      [&](std::size_t sample, std::size_t node, std::span<const std::int32_t> got) {
        const std::size_t n = node_elements(graph_, node);
        if (got.size() != n)
          throw Error(core + ": node " + std::to_string(node) + " gave " + std::to_string(got.size()) +
                      " values");
        std::copy(got.begin(), got.end(), values_[node].begin() + static_cast<std::ptrdiff_t>(sample * n));
        line.update(static_cast<double>(sample + 1), "");
      });
  if (!result.crc_ok) throw Error(core + ": the blob's checksum does not match on the core");
  if (result.selftest_status == INTACT_E_MISMATCH) {
    throw Error(core + ": the blob's self-test fails on the core: golden vector " +
                std::to_string(result.first_mismatch.vector) + ", node " +
                std::to_string(result.first_mismatch.node));
  }
  instructions_ = result.instructions;
}

NodeValues DeviceRung::run(std::span<const std::uint8_t>, std::int64_t first, std::int64_t count) {
  NodeValues part(values_.size());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto n = static_cast<std::ptrdiff_t>(node_elements(graph_, i));
    part[i].assign(values_[i].begin() + first * n, values_[i].begin() + (first + count) * n);
  }
  return part;
}

}  // namespace intact
