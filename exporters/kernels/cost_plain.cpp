#include "exporters/kernels/cost_plain.h"

#include <algorithm>
#include <cmath>

#include "runtime/intact_pattern_plain.h"
#include "runtime/intact_winograd.h"

namespace intact {
namespace {

// Bits of two's complement that hold every accumulator, from the weights and the range of the input.
int accumulator_bits(const intact_conv& c, const Node& node) {
  const std::int64_t low = c.input.qmin - c.input.zero_point, high = c.input.qmax - c.input.zero_point;
  std::int64_t least = 0, most = 0;
  for (std::size_t row = 0; row < node.state.weights.size(); row += c.taps) {
    std::int64_t row_least = 0, row_most = 0;
    for (std::size_t i = row; i < row + c.taps; ++i) {
      const std::int64_t a = node.state.weights[i] * low, b = node.state.weights[i] * high;
      row_least += std::min(a, b);
      row_most += std::max(a, b);
    }
    least = std::min(least, row_least);
    most = std::max(most, row_most);
  }
  int bits = 1;
  while (least < -(std::int64_t{1} << (bits - 1)) || most >= std::int64_t{1} << (bits - 1)) ++bits;
  return bits;
}

double outputs(const intact_conv& c) {
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels;
}

// What codes that share a byte cost beyond bytes, as a part of that on the Cortex-M0. The Cortex-M3's better
// addressing makes up for it.
double packing(Target target) {
  if (target == Target::kCortexM3) return 0;
  return target == Target::kCortexM0 ? 1 : 0.5;
}

// Requantization and store of an output.
double finish(const intact_conv& c, Target target) {
  const bool m0 = target == Target::kCortexM0;
  const double store = c.output.storage_bits < 8 ? 22 * packing(target) : 0;
  return store + (m0 ? 40 : 25) + (c.has_residual != 0 ? (m0 ? 25 : 20) : 0);
}

std::optional<double> blocked_product(const intact_conv& c, std::uint32_t fields, Target target,
                                      std::uint64_t scratch) {
  intact_plain_plan plan;
  if (!is_plain(target) || intact_plain_find(&c, fields, scratch, &plan) == 0) return {};
  const double pixels = static_cast<double>(c.output.height) * c.output.width;
  const double quads = std::ceil(pixels / (4.0 * fields));
  const double product = quads * c.output.channels * c.taps * plan.cost / 64;
  // What plan.cost, which compares plans, leaves out: most of a run of channels, codes that share a byte.
  const double blocks = c.groups * std::ceil(c.group_out / static_cast<double>(plan.outs));
  const double runs = quads * 4 * blocks * c.window.kernel_h * c.window.kernel_w;
  const double run = target == Target::kCortexM0 && c.group_in > 1 ? 150 : 0;
  double packed = 0;
  if (c.input.storage_bits < 8) packed += runs * fields * (4.0 * c.group_in + 70);
  if (c.weight_storage < 8) {
    const bool once = plan.chunk >= c.taps;
    packed += static_cast<double>(c.output.channels) * c.taps * (once ? 1 : std::ceil(quads / plan.quads)) *
              (once ? 22 : 12);
  }
  return product + runs * run + packed * packing(target) + outputs(c) * finish(c, target);
}

}  // namespace

std::uint16_t fields_within(int word, std::uint16_t most, const intact_conv& c, const Node& node) {
  const int bits = accumulator_bits(c, node);
  std::uint16_t fields = most;
  while (fields > 1 && bits > word / fields) --fields;
  return fields;
}

bool is_plain(Target target) {
  return target == Target::kCortexM0 || target == Target::kCortexM3 || target == Target::kRv32;
}

double plain_dense_instructions(const intact_conv& c, Target target) {
  // The runtime takes the others wherever they can.
  if (intact_conv_xnor_scratch(&c, UINT32_MAX) != INTACT_CANNOT)
    return plain_xnor_instructions(c, target) + 1;
  if (intact_conv_depthwise_scratch(&c, UINT32_MAX) != INTACT_CANNOT)
    return plain_depthwise_instructions(c, target) + 1;
  if (target == Target::kCortexM3) return outputs(c) * (60 + (c.weight_storage == 4 ? 6.8 : 5.1) * c.taps);
  return outputs(c) * (target == Target::kCortexM0 ? 150 + 10.0 * c.taps : 60 + 7.2 * c.taps);
}

double plain_depthwise_instructions(const intact_conv& c, Target target) {
  const bool bytes = c.input.storage_bits == 8 && c.weight_storage == 8;
  if (target == Target::kCortexM3) return outputs(c) * c.taps * (bytes ? 22 : 31);
  if (target == Target::kCortexM0) return outputs(c) * c.taps * (bytes ? 36 : 54);
  return outputs(c) * c.taps * (bytes ? 26 : 34);
}

double plain_xnor_instructions(const intact_conv& c, Target target) {
  const double words = c.row_bytes / 4;
  if (target == Target::kCortexM3) return outputs(c) * (82 + 15 * words);
  return outputs(c) * (target == Target::kCortexM0 ? 190 + 19 * words : 100 + 17 * words);
}

std::optional<double> direct_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  return blocked_product(c, 1, target, scratch);
}

std::optional<std::uint16_t> pixel_pair_parameter(const intact_conv& c, const Node& node) {
  const std::uint16_t fields = fields_within(32, INTACT_PLAIN_FIELDS, c, node);
  return fields > 1 ? std::optional(fields) : std::nullopt;
}

std::optional<double> pixel_pair_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  return blocked_product(c, c.parameter, target, scratch);
}

std::optional<std::uint16_t> winograd_plain_parameter(const intact_conv& c, const Node& node) {
  return fields_within(INTACT_WINOGRAD_BITS, INTACT_PLAIN_FIELDS, c, node);
}

std::optional<double> winograd_plain_instructions(const intact_conv& c, Target target,
                                                  std::uint64_t scratch) {
  intact_winograd_plan plan;
  if (!is_plain(target) || intact_winograd_find(&c, c.parameter, scratch, &plan) == 0) return {};
  // plan.cost takes weights as bytes.
  const double chunks = std::ceil(c.group_in / static_cast<double>(plan.chunk));
  const double weights = static_cast<double>(c.output.channels) * plan.depth * c.window.kernel_h *
                         (chunks > 1 ? plan.passes * chunks : 1);
  const double unpack = c.weight_storage < 8 ? 60 * packing(target) : 0;
  const double core = target == Target::kCortexM0 ? 1.08 : target == Target::kCortexM3 ? 0.72 : 1;
  const double cost = static_cast<double>(plan.cost) * core;
  return cost + weights * unpack + outputs(c) * finish(c, target);
}

std::optional<double> pattern_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_pattern_plain_plan plan;
  // With fewer kernel rows its sums of nibbles are spread too often to pay.
  if (!is_plain(target) || c.window.kernel_h != 3 || intact_pattern_plain_find(&c, scratch, &plan) == 0)
    return {};
  const double words = plan.line / 4.0;
  const double blocks = std::ceil(static_cast<double>(c.output.channels) / plan.outs);
  const double rows = static_cast<double>(c.output.height);
  const double columns = c.window.kernel_w * words * (30 + 5.0 * plan.fours * c.window.kernel_h);
  const bool m0 = target == Target::kCortexM0;
  const double weights = c.output.channels * 3.0 * c.window.kernel_w * plan.fours * (m0 ? 128 : 60);
  return rows * c.output.channels * columns + blocks * rows * plan.fours * words * 350 + weights +
         outputs(c) * (finish(c, target) - 22 * packing(target) + (m0 ? 48 : 15));
}

}  // namespace intact
