#include "exporters/kernels/cost_poly.h"

#include <algorithm>

#include "runtime/plan_poly_row.h"

namespace intact {
namespace {

// From the results of tiles to codes, for each field and for each output.
double field_cost(const intact_poly_row_plan& plan) {
  if (plan.thresholds != 0) return plan.thresholds == 1 ? 2.4 : 5.3;
  if (plan.fields.n == 2) return plan.fields.runs == 1 ? 6.0 : 17.0 + 13.0 * (plan.fields.runs - 2);
  if (plan.fields.n == 3 && plan.fields.field == 13 && plan.fields.runs > 2)
    return 10.5 + 2.9 * plan.fields.runs;
  return plan.fields.runs == 1 ? 4.0 : 9.5 + 7.5 * (plan.fields.runs - 2);
}

double output_cost(const intact_conv& c, const intact_poly_row_plan& plan) {
  if (plan.thresholds != 0) return plan.thresholds == 1 ? 0.6 : 1.2;
  if (plan.direct == 0) return c.has_residual != 0 ? 26 : 17;
  return (c.output.storage_bits >= 4 ? 6 : 9) + (c.has_residual != 0 ? 4 : 0);
}

double weight_cost(const intact_conv& c, const intact_poly_row_plan& plan) {
  const bool sums = plan.flip != 0 || plan.thresholds != 0 || c.decode_input.offset != 0;
  const double word = c.weight_storage == 1 ? 2.8 : c.weight_storage == 2 ? 3.8 : 4.5;
  return (intact_poly_masked_weights(&c, plan.fields.n) != 0 ? word : 9.0) + (sums ? 1.7 : 0.0);
}

}  // namespace

std::optional<double> poly_row_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_poly_row_plan plan;
  const bool m3 = target == Target::kCortexM3;
  if ((target != Target::kCortexM4 && !m3) || intact_plan_poly_row(&c, scratch, &plan) == INTACT_CANNOT)
    return {};
  const double height = c.output.height, width = c.output.width, channels = c.output.channels;
  const double blocks = plan.keep != 0 ? 1 : (c.output.channels + plan.block - 1) / plan.block;
  const double strips = (c.output.width + plan.strip - 1) / plan.strip;
  const double sweeps = height * strips * ((c.output.channels + 1) / 2);  // pairs of channels along a strip
  const double groups = 2.0 * plan.pairs;
  const double last =
      c.output.width == plan.strip && intact_poly_span_of(&c, &plan, 0, c.output.width).groups % 2 != 0
          ? 1.0 / 3
          : 0.0;
  const double tile = 6.07 * plan.steps + 12.0 * plan.fields.runs + 8;
  const double rows = std::min<double>(c.input.height + c.window.kernel_h, height * c.window.stride_h);
  const bool spread = plan.fields.n == 3 && c.input.storage_bits < 4;
  const double word = plan.fields.n == 4 ? 4.5 : spread ? 13.0 : 2.5 + 1.5 * plan.fields.n;
  const double line = strips * groups * (c.window.stride_w * 75.0 + plan.row_steps * word);
  return sweeps * ((plan.pairs - last) * tile + groups * plan.fields.n * 2 * field_cost(plan) + 150) +
         height * width * channels * output_cost(c, plan) + blocks * rows * line +
         channels * c.taps * weight_cost(c, plan) + channels * 150 + 3000;
}

}  // namespace intact
