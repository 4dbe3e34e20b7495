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
  // Where codes keep their order, those that make no block are expanded pair by pair; neighbouring columns
  // are one run where they can.
  const bool natural = c.group_in % 8 != 0;
  const std::uint32_t storage = c.input.storage_bits, block = (storage < 4 ? 16 : 32) / storage;
  const bool joined = !rows && c.groups == 1 && c.group_in % 2 == 0 && c.window.dilation_w == 1 &&
                      c.group_in * storage == c.input.pixel_bytes * 8;
  const std::uint32_t run = c.group_in * (joined ? c.window.kernel_w : 1);
  const std::uint32_t rest = run % block % (storage == 4 ? 4 : block);
  const double runs =
      rows ? words / (4.0 * p.tap_words) : pairs * c.window.kernel_h * (joined ? 1 : c.window.kernel_w);
  const bool few_bytes = storage == 8 && (run == 1 || run == 3);
  const double left_over = natural ? runs * ((few_bytes ? 0 : (rest + 1) / 2 * 80) + 12) : 0;
  double each = p.steps * (rows ? 15.5 : 10.5) + 20;
  if (p.finish == INTACT_FINISH_SUMS)
    each += 70;
  else if (!intact_direct16_in_place(p.finish))
    each += (c.output.storage_bits == 1 ? 3 : 1) + (p.block % 8 == 0 ? 0 : 20);
  const bool added = c.decode_input.flip != 0 || c.decode_input.offset != 0;
  const double expanded = natural ? words * 5 + pairs * 20 : words * (added ? 3.9 : 2.6) + pairs * 15;
  // Bits behind the last channel are cleared.
  const double cleared = c.output.storage_bits == 1 && c.output.channels % 32 != 0 ? 10 * height * width : 0;
  return 1500 + cleared +
         c.groups *
             (tiles * each + blocks * (expanded + left_over) + (natural ? 4 : 1.5) * taps * c.group_out);
}

}  // namespace intact
