#include "exporters/kernels/cost_mve.h"

#include "runtime/plan_depthwise8.h"
#include "runtime/plan_direct8.h"
#include "runtime/plan_pattern.h"

namespace intact {
namespace {

double macs(const intact_conv& c) {
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels * c.taps;
}

}  // namespace

std::optional<double> direct8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_direct8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_direct8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  return macs(c) / 8.0;
}

std::optional<double> depthwise8_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_depthwise8_plan plan;
  if (target != Target::kCortexM55 || intact_plan_depthwise8(&c, scratch, &plan) == INTACT_CANNOT) return {};
  return macs(c) / 1.8;
}

std::optional<double> pattern_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_pattern_plan plan;
  if (target != Target::kCortexM55 || intact_plan_pattern(&c, scratch, &plan) == INTACT_CANNOT) return {};
  return static_cast<double>(plan.work);
}

}  // namespace intact
