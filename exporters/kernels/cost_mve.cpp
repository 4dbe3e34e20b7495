#include "exporters/kernels/cost_mve.h"

#include "runtime/plan_direct8.h"

namespace intact {

std::optional<double> direct8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_direct8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_direct8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels * c.taps / 8.0;
}

}  // namespace intact
