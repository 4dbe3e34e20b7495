#include "exporters/kernels/cost_depthwise_plain.h"

#include "exporters/kernels/cost_plain.h"
#include "runtime/intact_depthwise_plain.h"

namespace intact {

std::optional<std::uint16_t> depthwise_plain_parameter(const intact_conv& c, const Node& node) {
  return fields_within(32, INTACT_DEPTHWISE_PLAIN_FIELDS, c, node);
}

std::optional<double> depthwise_plain_instructions(const intact_conv& c, Target target,
                                                   std::uint64_t scratch) {
  intact_depthwise_plain_plan plan;
  if (!is_plain(target) || intact_depthwise_plain_find(&c, scratch, &plan) == 0) return {};
  const bool m0 = target == Target::kCortexM0;
  const bool rows_of_3 = c.window.kernel_h == 3 && c.window.kernel_w == 3 && c.window.stride_w == 1;
  const double quads = (c.output.width + 3) / 4;
  const double outputs = static_cast<double>(c.output.height) * c.output.width;
  const double tap = m0 ? 11.3 : rows_of_3 ? 8 : 16;
  const double sweep = plan.rows * (quads * (tap * c.taps + 16) + 30);
  const double words = static_cast<double>(plan.in_rows) * plan.columns;
  const double expand = words * (3 + 2.5 * plan.fields) * c.input.storage_bits / 8 + words * 3 + 400;
  const double finish = (m0 ? 18 : 14) + (plan.fields > 1 ? 8 : m0 ? 5 : 0);
  const double channel = plan.passes * (sweep + expand + 20.0 * c.taps + 300) + outputs * finish;
  return channel * c.output.channels;
}

}  // namespace intact
