#include "exporters/kernels/cost_mve.h"

#include <algorithm>
#include <cmath>

#include "runtime/plan_depthwise8.h"
#include "runtime/plan_direct8.h"
#include "runtime/plan_pattern.h"
#include "runtime/plan_vector8.h"
#include "runtime/plan_winograd8.h"

namespace intact {
namespace {

double outputs(const intact_conv& c) {
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels;
}

// Requantizing and storing one output.
double store(const intact_conv& c) {
  if (c.has_residual) return 6;
  switch (c.output.storage_bits) {
    case 8:
      return 1.85;
    case 1:
      return 1.45;
    default:
      return 1.75;
  }
}

}  // namespace

std::optional<double> direct8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_direct8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_direct8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  const double pixels = static_cast<double>(c.output.height) * c.output.width;
  const double tiles = plan.mode == INTACT_DIRECT8_POINTS ? (c.output.height * c.output.width + 3) / 4
                                                          : c.output.height * ((c.output.width + 3) / 4);
  const double pairs = (c.output.channels + 1) / 2;
  const double blocks = (c.output.channels + plan.block - 1) / plan.block;
  const double vectors = (c.input.channels + 15) / 16;
  const double products = plan.mode == INTACT_DIRECT8_ROWS ? 109 * vectors + 8
                          : plan.steps == 1                ? 15
                                                           : 14.0 * plan.steps + 4;
  double inputs = static_cast<double>(c.input.height) * c.input.width * vectors * 7;
  if (plan.mode != INTACT_DIRECT8_POINTS) inputs += 400.0 * c.input.height;
  if (plan.mode == INTACT_DIRECT8_POINTS && plan.steps > 1) inputs += 70 * tiles;
  if (plan.mode == INTACT_DIRECT8_PATCHES)
    inputs += pixels * c.window.kernel_h * (16 + 4.0 * c.window.kernel_w * vectors);
  return tiles * pairs * products + outputs(c) * store(c) + blocks * inputs +
         c.output.channels * ((plan.mode == INTACT_DIRECT8_ROWS ? 16.0 : 10.0) * plan.steps + 180);
}

std::optional<double> depthwise8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_depthwise8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_depthwise8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  const double rows = (c.output.height + plan.tile_h - 1) / plan.tile_h;
  const double columns = static_cast<double>(c.output.width) * c.window.stride_w + 4;
  const double products = plan.square ? 2.3 : 3.0 * plan.groups + 4;
  const double fixed = plan.square ? 55 : 130, row = plan.square ? 70 : 135;
  return outputs(c) * (products + store(c)) + c.output.channels * (fixed + 20.0 * plan.groups + row * rows) +
         rows * columns * c.output.channels * (1.0 * plan.groups_h + 0.5);
}

std::optional<std::uint16_t> winograd8_parameter(const intact_conv& c, const Node& node) {
  if (c.weight_storage <= 4) return 0;
  if (c.window.kernel_w != 3) return std::nullopt;
  const auto& weights = node.state.weights;
  const std::size_t group_in = c.group_in;
  for (std::size_t row = 0; row + 3 * group_in <= weights.size(); row += 3 * group_in) {
    for (std::size_t i = row; i < row + group_in; ++i) {
      const int g0 = weights[i], g1 = weights[i + group_in], g2 = weights[i + 2 * group_in];
      for (const int g : {g0 + g1 + g2, g0 - g1 + g2, g0 + 2 * g1 + 4 * g2, g0 - 2 * g1 + 4 * g2}) {
        if (g < INT8_MIN || g > INT8_MAX) return std::nullopt;
      }
    }
  }
  return 1;
}

std::optional<double> winograd8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_winograd8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_winograd8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  return static_cast<double>(plan.work);
}

std::optional<double> pattern_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_pattern_plan plan;
  if (target != Target::kCortexM55 || intact_plan_pattern(&c, scratch, &plan) == INTACT_CANNOT) return {};
  // The lists of a channel, and its threshold.
  const double bands = std::ceil(static_cast<double>(c.output.height) / plan.rows) *
                       std::ceil(static_cast<double>(c.output.width) / plan.outputs);
  const double fills = plan.block < c.output.channels ? bands : 1;
  return static_cast<double>(plan.work) + fills * c.output.channels * (260 + 13.0 * plan.lookups);
}

std::optional<double> vector8_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (target != Target::kCortexM55) return {};
  const double pixels = static_cast<double>(c.output.height) * c.output.width;
  const bool wide = c.input.kind == INTACT_KIND_UNSIGNED && c.input.storage_bits == 8;
  // Of 16 bytes of four rows.
  const auto step = [&]() -> double {
    switch (c.weight_storage) {
      case 8:
        return wide ? 14 : 10;
      case 4:
        return wide ? 27 : 23;
      case 2:
        return wide ? 53 : c.input.storage_bits == 8 ? 49 : 41;
      default:
        return wide ? 101 : 73;
    }
  };
  const double groups = (c.output.channels + 3) / 4;
  const double sweep = groups * (18 + step() * ((c.row_bytes + 15) / 16));
  const double values = c.taps / 16.0 * (c.input.storage_bits == 8 ? 6 : 12) + 60.0 * c.window.kernel_h + 200;
  return (intact_vector8_has_offset(&c) ? sweep : 0) +
         pixels * (sweep + values + groups * (c.has_residual ? 80 : 30)) + 200;
}

}  // namespace intact
