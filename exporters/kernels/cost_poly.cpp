#include "exporters/kernels/cost_poly.h"

#include <algorithm>

#include "runtime/plan_poly_row.h"

namespace intact {

std::optional<double> poly_row_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_poly_row_plan plan;
  if (target != Target::kCortexM4 || intact_plan_poly_row(&c, scratch, &plan) == INTACT_CANNOT) return {};
  const double height = c.output.height, width = c.output.width, channels = c.output.channels;
  const double blocks = (c.output.channels + plan.block - 1) / plan.block;
  const double strips = (c.output.width + plan.strip - 1) / plan.strip;
  const double pairs = (c.output.channels + 1) / 2;
  // A tile: its steps of six instructions, and around each run.
  const double tile = 6.2 * plan.steps + 16.0 * plan.fields.runs + 10;
  const double words = strips * plan.pairs * 2 * plan.row_steps;  // of one input row
  const double rows = std::min<double>(c.input.height, height * c.window.stride_h);
  return height * strips * pairs * plan.pairs * tile                                         // products
         + height * width * channels * (12.0 + 6.0 * plan.fields.runs)                       // results
         + blocks * rows * words * (2.0 * plan.fields.n + 2) + height * strips * pairs * 40  // values
         + 8.0 * channels * c.taps + 2000;                                                   // weights
}

}  // namespace intact
