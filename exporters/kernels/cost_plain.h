// Kernels for cores with 32-bit multiplications alone: what the weights allow, and estimated instructions,
// fitted to what scripts/mcu_bench.sh counts on the Cortex-M0.
#pragma once

#include <cstdint>
#include <optional>

#include "exporters/kernels/target.h"
#include "integer/graph.h"
#include "runtime/intact_kernels.h"

namespace intact {

// As many fields of a word of `word` bits as the accumulators of these weights leave room for: 1 .. most.
std::uint16_t fields_within(int word, std::uint16_t most, const intact_conv& c, const Node& node);

bool is_plain(Target target);  // a core for these kernels

// The portable kernels on such a core.
double plain_dense_instructions(const intact_conv& c, Target target);
double plain_depthwise_instructions(const intact_conv& c, Target target);
double plain_xnor_instructions(const intact_conv& c, Target target);

std::optional<double> direct_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

// Pixels in a word: as many as the accumulators of these weights leave room for; nothing where that is one.
std::optional<std::uint16_t> pixel_pair_parameter(const intact_conv& c, const Node& node);
std::optional<double> pixel_pair_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

// Pixels in a word, one where there is room for no more.
std::optional<std::uint16_t> winograd_plain_parameter(const intact_conv& c, const Node& node);
std::optional<double> pattern_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch);
std::optional<double> winograd_plain_instructions(const intact_conv& c, Target target, std::uint64_t scratch);

}  // namespace intact
