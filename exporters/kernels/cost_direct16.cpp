#include "exporters/kernels/cost_direct16.h"

#include "runtime/armv7em/direct16_plan.h"
#include "runtime/armv7em/direct16_tiles.h"

namespace intact {

std::optional<double> direct16_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_direct16_plan p;
  if (target != Target::kCortexM4 || intact_direct16_make_plan(&c, scratch, &p) == 0) return {};
  const double taps = c.taps;
  if (p.form == INTACT_DIRECT16_VECTOR) return 1500 + taps * (c.group_out * 1.6 + 20) + 40.0 * c.group_out;
  const bool rows = p.form == INTACT_DIRECT16_ROWS;
  const double height = c.output.height, width = c.output.width;
  const double pairs = rows ? height * ((c.output.width + 1) / 2) : (height * width + 1) / 2;
  const double blocks = (c.group_out + p.block - 1) / p.block;
  const double tiles = pairs * ((c.group_out + 1) / 2);
  const double words =
      rows ? (height * c.window.stride_h + 2) * (width + 2) * p.tap_words : pairs * p.steps * 4;
  double each = p.steps * (rows ? 15.5 : 10.5) + 20;
  if (!intact_direct16_in_place(p.finish)) each += p.finish == INTACT_FINISH_SUMS ? 70 : 10;
  return 1500 + c.groups * (tiles * each + blocks * (words * 5 + pairs * 20) + 4 * taps * c.group_out);
}

}  // namespace intact
