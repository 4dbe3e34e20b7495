#include "exporters/kernels/cost_vector_plain.h"

#include "exporters/kernels/cost_plain.h"
#include "runtime/intact_vector_plain.h"

namespace intact {
namespace {

struct Costs {
  double tap;      // 8-bit weights: of a multiplication
  double product;  // of two or four terms
  double word;     // of packed weights
  double value;    // an input's
  double output;
};

Costs costs_of(Target target) {
  if (target == Target::kCortexM0) return {3.65, 4.5, 5, 25, 120};
  if (target == Target::kRv32) return {3.7, 5, 4, 20, 80};
  return {2.9, 4, 3, 17, 70};
}

}  // namespace

std::optional<double> vector_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_vector_plain_plan plan;
  if (!is_plain(target) || intact_vector_plain_find(&c, scratch, &plan) == 0) return {};
  const Costs costs = costs_of(target);
  const double windows = static_cast<double>(c.output.height) * c.output.width * c.groups;
  double row = costs.tap * c.taps;
  if (plan.terms > 1) {
    const double products = 32.0 / c.weight_storage / plan.terms;
    const double apart = plan.length == INTACT_VECTOR_PLAIN_PRODUCT ? (plan.bias != 0 ? 2 : 1) : 0;
    row = plan.words * (products * (costs.product + apart) + costs.word + (plan.aligned != 0 ? 0 : 20)) +
          (plan.aligned != 0 ? 0 : 60);
  }
  return windows * (c.taps * costs.value + c.group_out * (row + costs.output));
}

}  // namespace intact
