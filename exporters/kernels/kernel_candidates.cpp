#include <array>

#include "exporters/kernels/cost_depthwise16.h"
#include "exporters/kernels/cost_depthwise_plain.h"
#include "exporters/kernels/cost_direct16.h"
#include "exporters/kernels/cost_mve.h"
#include "exporters/kernels/cost_plain.h"
#include "exporters/kernels/cost_poly.h"
#include "exporters/kernels/cost_poly_point.h"
#include "exporters/kernels/cost_table_plain.h"
#include "exporters/kernels/cost_vector_plain.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/kernels/point_fields.h"
#include "exporters/kernels/poly_fields.h"

namespace intact {
namespace {

double macs(const intact_conv& c) {
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels * c.taps;
}

// Measured on the Cortex-M4 over the layers of scripts/mcu_bench.sh, MACs an instruction.
std::optional<double> dense_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (is_plain(target)) return plain_dense_instructions(c, target);
  return macs(c) / (c.group_in == 1 ? 0.015 : 0.15);
}
std::optional<double> depthwise_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (is_plain(target)) return plain_depthwise_instructions(c, target);
  return macs(c) / 0.044;
}
std::optional<double> xnor_instructions(const intact_conv& c, Target target, std::uint64_t) {
  if (is_plain(target)) return plain_xnor_instructions(c, target);
  const double words = static_cast<double>(c.window.kernel_h) * c.window.kernel_w * ((c.group_in + 31) / 32);
  return static_cast<double>(c.output.height) * c.output.width * c.output.channels * (82.0 + 15.0 * words);
}

constexpr std::array kCandidates{
    KernelCandidate{INTACT_CONV_DENSE, "dense", intact_conv_dense_scratch, nullptr, dense_instructions},
    KernelCandidate{INTACT_CONV_DEPTHWISE, "depthwise", intact_conv_depthwise_scratch, nullptr,
                    depthwise_instructions},
    KernelCandidate{INTACT_CONV_DIRECT16, "direct16", intact_conv_direct16_scratch, nullptr,
                    direct16_instructions},
    KernelCandidate{INTACT_CONV_POLY_ROW, "poly_row", intact_conv_poly_row_scratch, poly_row_parameter,
                    poly_row_instructions},
    KernelCandidate{INTACT_CONV_POLY_POINT, "poly_point", intact_conv_poly_point_scratch,
                    poly_point_parameter, poly_point_instructions},
    KernelCandidate{INTACT_CONV_DIRECT8, "direct8", intact_conv_direct8_scratch, nullptr,
                    direct8_instructions},
    KernelCandidate{INTACT_CONV_WINOGRAD8, "winograd8", intact_conv_winograd8_scratch, winograd8_parameter,
                    winograd8_instructions},
    KernelCandidate{INTACT_CONV_PATTERN, "pattern", intact_conv_pattern_scratch, nullptr,
                    pattern_instructions},
    KernelCandidate{INTACT_CONV_DEPTHWISE8, "depthwise8", intact_conv_depthwise8_scratch, nullptr,
                    depthwise8_instructions},
    KernelCandidate{INTACT_CONV_VECTOR8, "vector8", intact_conv_vector8_scratch, nullptr,
                    vector8_instructions},
    KernelCandidate{INTACT_CONV_DEPTHWISE16, "depthwise16", intact_conv_depthwise16_scratch, nullptr,
                    depthwise16_instructions},
    KernelCandidate{INTACT_CONV_PATTERN_PLAIN, "pattern_plain", intact_conv_pattern_plain_scratch, nullptr,
                    pattern_plain_instructions},
    KernelCandidate{INTACT_CONV_TABLE_PLAIN, "table_plain", intact_conv_table_plain_scratch,
                    table_plain_parameter, table_plain_instructions},
    KernelCandidate{INTACT_CONV_PIXEL_PAIR, "pixel_pair", intact_conv_pixel_pair_scratch,
                    pixel_pair_parameter, pixel_pair_instructions},
    KernelCandidate{INTACT_CONV_WINOGRAD_PLAIN, "winograd_plain", intact_conv_winograd_plain_scratch,
                    winograd_plain_parameter, winograd_plain_instructions},
    KernelCandidate{INTACT_CONV_DIRECT_PLAIN, "direct_plain", intact_conv_direct_plain_scratch, nullptr,
                    direct_plain_instructions},
    KernelCandidate{INTACT_CONV_DEPTHWISE_PLAIN, "depthwise_plain", intact_conv_depthwise_plain_scratch,
                    depthwise_plain_parameter, depthwise_plain_instructions, 1},
    KernelCandidate{INTACT_CONV_VECTOR_PLAIN, "vector_plain", intact_conv_vector_plain_scratch, nullptr,
                    vector_plain_instructions},
    KernelCandidate{INTACT_CONV_XNOR, "xnor", intact_conv_xnor_scratch, nullptr, xnor_instructions},
};

}  // namespace

std::span<const KernelCandidate> kernel_candidates() {
  return kCandidates;
}

std::string_view kernel_name(std::uint16_t kernel) {
  for (const KernelCandidate& candidate : kCandidates) {
    if (candidate.kernel == kernel) return candidate.name;
  }
  return "unknown";
}

}  // namespace intact
