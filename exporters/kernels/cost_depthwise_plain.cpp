#include "exporters/kernels/cost_depthwise_plain.h"

#include "exporters/kernels/cost_plain.h"
#include "runtime/intact_depthwise_plain.h"

namespace intact {
namespace {

struct Costs {
  double tap;               // of four outputs
  double output, field;     // requantization and store; taking it out of a field
  double band, band_bytes;  // of a field: constant, and by the input's bytes
};

Costs costs_of(Target target, const intact_conv& c) {
  const bool rows_of_3 = c.window.kernel_h == 3 && c.window.kernel_w == 3 && c.window.stride_w == 1;
  if (target == Target::kCortexM0) return {11.3, 16, 8, 160, 380};
  if (!rows_of_3) return {16, 13, 4, 125, 210};
  return {target == Target::kCortexM3 ? 6.0 : 12.0, 13, 4, 125, 210};
}

}  // namespace

std::optional<std::uint16_t> depthwise_plain_parameter(const intact_conv& c, const Node& node) {
  return fields_within(32, INTACT_DEPTHWISE_PLAIN_FIELDS, c, node);
}

std::optional<double> depthwise_plain_instructions(const intact_conv& c, Target target,
                                                   std::uint64_t scratch) {
  intact_depthwise_plain_plan plan;
  if (!is_plain(target) || intact_depthwise_plain_find(&c, scratch, &plan) == 0) return {};
  const Costs costs = costs_of(target, c);
  const double bytes = c.input.storage_bits / 8.0;  // of a code: channels share them
  const double quads = (c.output.width + 3) / 4;
  const double outputs = static_cast<double>(c.output.height) * c.output.width;
  const double sweep = plan.rows * (quads * (costs.tap * c.taps + 15) + 30);
  const double words = static_cast<double>(plan.in_rows) * plan.columns;
  const double word = (3 + 2.5 * plan.fields) * bytes + 2.25 + (plan.fields > 2 ? 1.8 : 0);
  const double bands = plan.fields > 1 ? plan.fields * (costs.band + costs.band_bytes * bytes) : 0;
  const double finish = costs.output + (plan.fields > 1 ? costs.field : 0);
  const double channel =
      plan.passes * (sweep + words * word + bands + 20.0 * c.taps + 700) + outputs * finish;
  return channel * c.output.channels;
}

}  // namespace intact
