#include "exporters/kernels/cost_poly_point.h"

#include "runtime/plan_poly_point.h"

namespace intact {
namespace {

// From a tile's sums to codes.
double finish(const intact_conv& c, const intact_poly_point_plan& plan) {
  if (plan.fused != 0) return (plan.pairs != 0 ? 100.0 : 116.0) + (c.round.bipolar != 0 ? 16 : 0);
  return 30 + 85.0 * plan.runs + 16 * (c.has_residual != 0 ? 26 : 17);
}

// The words of one tap of four pixels.
double tap_values(const intact_conv& c, const intact_poly_point_plan& plan) {
  const intact_window& w = c.window;
  const std::uint32_t codes = plan.pairs != 0 ? INTACT_POLY_POINT_BLOCK : 32 / c.input.storage_bits;
  const double whole = c.group_in / codes, rest = c.group_in % codes;
  const bool by_lines = w.kernel_h == 1 && w.kernel_w == 1 && w.pad_top == 0 && w.pad_left == 0 &&
                        w.pad_bottom == 0 && w.pad_right == 0 && c.decode_input.flip == 0 && rest == 0 &&
                        (plan.pairs != 0 || c.input.storage_bits == 4);
  const double each = plan.pairs != 0 ? 46 : 22 + 2.5 * codes;
  if (by_lines) return 12 + whole * each;
  const bool half = c.input.storage_bits == 1 && plan.pairs == 0 && c.group_in % codes >= 16;
  const double few = half ? rest - 16 : rest;  // taken one by one
  return 150 + whole * (each + 6) + (half ? 65 : 0) + (few > 0 ? (plan.pairs != 0 ? 110 : 20 + 12 * few) : 0);
}

}  // namespace

std::optional<double> poly_point_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_poly_point_plan plan;
  if (target != Target::kCortexM4 || intact_plan_poly_point(&c, scratch, &plan) == INTACT_CANNOT) return {};
  const double tiles = (c.output.height * c.output.width + 3) / 4;
  const double quads = (c.output.channels + 3) / 4;
  const double blocks = (c.output.channels + plan.block - 1) / plan.block;
  const double taps = static_cast<double>(c.window.kernel_h) * c.window.kernel_w;
  const double calls = (tiles + plan.batch - 1) / plan.batch;
  return tiles * (quads * (6.2 * plan.steps + finish(c, plan)) + blocks * taps * tap_values(c, plan)) +
         calls * quads * 80 + quads * 4 * (c.taps * 8.0 + 90) + 2500;
}

}  // namespace intact
