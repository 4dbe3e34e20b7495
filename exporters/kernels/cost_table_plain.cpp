#include "exporters/kernels/cost_table_plain.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "exporters/kernels/cost_plain.h"
#include "runtime/intact_table_plain.h"

namespace intact {
namespace {

// Instructions, fitted to what scripts/mcu_bench.sh counts.
struct Costs {
  double look, step, spill, bits;       // of a pixel's program
  double code_1, code_2;                // of a pixel of a block, by thresholds
  double output, output_row, residual;  // of an output without them, of a row of these
  double channel, threshold;            // finding a channel's thresholds
  double index[5];                      // four codes' indices, by the codes' bits
  double word[5];                       // a table's word, by the weights' bits
  double aim, written;                  // a step of the program, for a row and at first
};

constexpr Costs kCortexM0{.look = 7,
                          .step = 3,
                          .spill = 50,
                          .bits = 44,
                          .code_1 = 120,
                          .code_2 = 190,
                          .output = 62,
                          .output_row = 190,
                          .residual = 20,
                          .channel = 200,
                          .threshold = 470,
                          .index = {0, 10, 33, 0, 62},
                          .word = {0, 160, 200, 0, 226},
                          .aim = 20,
                          .written = 70};
constexpr Costs kRv32{.look = 10,
                      .step = 6,
                      .spill = 45,
                      .bits = 32,
                      .code_1 = 80,
                      .code_2 = 130,
                      .output = 36,
                      .output_row = 140,
                      .residual = 20,
                      .channel = 170,
                      .threshold = 140,
                      .index = {0, 7, 23, 0, 38},
                      .word = {0, 105, 125, 0, 145},
                      .aim = 17,
                      .written = 50};

// The portable C.
constexpr Costs cortex_m3() {
  Costs cost = kRv32;
  cost.look = 11;
  cost.step = 12;
  return cost;
}

const Costs& costs_on(Target target) {
  static constexpr Costs kCortexM3 = cortex_m3();
  if (target == Target::kCortexM3) return kCortexM3;
  return target == Target::kCortexM0 ? kCortexM0 : kRv32;
}

// How often bytes are spilled for a plane, if weights are uniform over their grid: a run of steps holds
// magnitudes of up to 255.
double runs_of(const intact_conv& c, const intact_table_plan& plan) {
  const double mean = c.weight_storage == 1 ? 1.0 : (1U << c.weight_storage) / 4.0;
  const double step = std::min(c.group_in, 4U * INTACT_TABLE_UNIT) * mean;
  return plan.chunks * std::ceil(plan.chunk / std::floor(255 / step));
}

}  // namespace

std::optional<std::uint16_t> table_plain_parameter(const intact_conv& c, const Node& node) {
  if (c.input.storage_bits > 4) return {};
  const std::int64_t planes = (1 << c.input.storage_bits) - 1;
  for (std::size_t row = 0; row < node.state.weights.size(); row += c.taps) {
    std::int64_t sum = 0;
    for (std::size_t i = row; i < row + c.taps; ++i) sum += std::abs(static_cast<int>(node.state.weights[i]));
    if (sum * planes > UINT16_MAX) return {};
  }
  return 1;
}

std::optional<double> table_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch) {
  intact_table_plan plan;
  if (!is_plain(target) || intact_table_find(&c, scratch, &plan) == 0) return {};
  const Costs& cost = costs_on(target);
  const double height = c.output.height, width = c.output.width, pixels = height * width;
  const double blocks = std::ceil(c.output.channels / double{INTACT_TABLE_OUTS});
  const double taps = static_cast<double>(c.window.kernel_h) * c.window.kernel_w;
  const double runs = runs_of(c, plan), steps = static_cast<double>(plan.planes) * plan.units;
  const int output_bits = c.output.storage_bits;
  const bool thresholds = output_bits <= 2 && c.has_residual == 0;
  const bool bits = thresholds && output_bits == 1 && plan.planes == 1 && runs == 1;

  const double ends = bits ? cost.bits : plan.planes * runs * cost.spill + 10 * plan.chunks;
  const double sums = plan.planes * taps * plan.fours * cost.look + steps * cost.step + ends;
  double finish = 0;
  if (!thresholds) {
    const double residual = c.has_residual != 0 ? cost.residual : 0;
    finish = c.output.channels * height * (width * (cost.output + residual) + cost.output_row);
  } else if (!bits) {
    finish = blocks * pixels * (output_bits == 1 ? cost.code_1 : cost.code_2);
  }
  const double columns = static_cast<double>(c.input.height) * c.input.width;
  const double padded = (height * c.window.stride_h + c.window.kernel_h) * plan.positions;
  const double lines = columns * (plan.fours * cost.index[c.input.storage_bits] + 12) +
                       std::max(0.0, padded - columns) * plan.fours * plan.planes * 3;
  const double aimed = plan.chunk > plan.units / c.window.kernel_h ? height * steps * cost.aim : 0;
  const double tables = 4 * taps * plan.fours * cost.word[c.weight_storage] + steps * cost.written;
  const double levels = output_bits == 1 ? 1 : 3;
  const double channels = thresholds ? c.output.channels * (cost.channel + levels * cost.threshold) : 0;
  return blocks * (pixels * sums + plan.chunks * (lines + 400 * height) + aimed + tables) + finish + channels;
}

}  // namespace intact
