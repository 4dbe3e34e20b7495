#include "exporters/kernels/cost_depthwise16.h"

#include "runtime/armv7em/depthwise16.h"

namespace intact {

// For an output: the sweep, which computes pairs; packing; the input's expansion. For a row of a channel:
// what surrounds the sweep. For a channel: its weights.
std::optional<double> depthwise16_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (target != Target::kCortexM4 && target != Target::kCortexM55) return {};
  const double rows = static_cast<double>(c.output.height) * c.output.channels;
  const double outputs = rows * c.output.width, taps = c.taps;
  const std::uint32_t way = intact_depthwise16_way(&c);
  if (way != INTACT_DEPTHWISE16_FIELDS && way != INTACT_DEPTHWISE16_PAIRS) return outputs * (40 + 3 * taps);
  const double inputs = outputs * c.window.stride_h * c.window.stride_w;
  const double sweep = (way == INTACT_DEPTHWISE16_FIELDS ? 7.5 : 10) + (c.window.stride_w - 1) * 3;
  const double around = (way == INTACT_DEPTHWISE16_FIELDS ? 46 : 30) + (c.window.stride_w - 1) * 35.0;
  return rows * (intact_round_up_to(c.output.width, 2) * sweep + around) + outputs * 3 + inputs * 2.2 +
         c.output.channels * 110.0;
}

}  // namespace intact
