#include "exporters/kernels/cost_depthwise16.h"

#include "runtime/armv7em/depthwise16.h"

namespace intact {

std::optional<double> depthwise16_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (target != Target::kCortexM4 && target != Target::kCortexM55) return {};
  const double outputs = static_cast<double>(c.output.height) * c.output.width * c.output.channels;
  return outputs * (25 + 2.0 * c.taps);
}

}  // namespace intact
