#include "exporters/kernels/cost_table_plain.h"

#include <cmath>
#include <cstdlib>

#include "exporters/kernels/cost_plain.h"
#include "runtime/intact_table_plain.h"

namespace intact {

std::optional<std::uint16_t> table_plain_parameter(const intact_conv& c, const Node& node) {
  if (c.input.storage_bits > 4) return {};
  const std::int64_t planes = (1 << c.input.storage_bits) - 1;
  for (std::size_t row = 0; row < node.state.weights.size(); row += c.taps) {
    std::int64_t sum = 0;
    for (std::size_t i = row; i < row + c.taps; ++i) sum += std::abs(static_cast<int>(node.state.weights[i]));
    if (sum * planes > UINT16_MAX) return {};
  }
  return 1;
}

std::optional<double> table_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_table_plan plan;
  if (!is_plain(target) || intact_table_find(&c, scratch, &plan) == 0) return {};
  const bool m0 = target == Target::kCortexM0;
  const double pixels = static_cast<double>(c.output.height) * c.output.width;
  const double blocks = std::ceil(c.output.channels / 16.0);
  const double taps = static_cast<double>(c.window.kernel_h) * c.window.kernel_w;
  // Bytes fill up after so many weights, if they are uniform over their grid.
  const double mean = c.weight_storage == 1 ? 1.0 : (1U << c.weight_storage) / 4.0;
  const double spills = std::ceil(taps * plan.fours * 4 * mean / 255) + plan.chunks - 1;
  const double lookups = plan.planes * (taps * plan.fours * (m0 ? 7 : 10) + plan.units * (m0 ? 3 : 8) +
                                        spills * (m0 ? 52 : 40)) +
                         25 * plan.chunks;
  const bool thresholds = c.output.storage_bits <= 2 && c.has_residual == 0;
  const double codes = c.output.storage_bits == 1 ? 8 : 15;
  const double requantized = (m0 ? 70 : 55) + (c.has_residual != 0 ? 20 : 0);
  const double lines = plan.chunks * static_cast<double>(c.output.height) * c.window.stride_h *
                       plan.positions * (plan.fours * (plan.planes * 11.0 + 4) + 20);
  const double bits = c.weight_storage;
  const double weight = m0 ? 18 + 9 * bits : 12 + 4 * bits;
  const double tables = c.output.channels * (taps * c.group_in * weight + (thresholds ? 1500 : 100));
  return blocks * (pixels * lookups + lines) +
         pixels * c.output.channels * (thresholds ? codes : requantized) + tables;
}

}  // namespace intact
