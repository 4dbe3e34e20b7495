// What a training run does, in order.
#pragma once

#include <string>
#include <vector>

#include "config/experiment.h"

namespace intact {

// One phase of one of the two networks: the quantized one, or the float reference that `compare` shows.
struct Stage {
  PhaseConfig phase;
  bool reference = false;

  std::string label() const;  // "qat", "float reference (qat)"
  bool runs_float() const { return reference || phase.kind == PhaseKind::kFloat; }
};

// The config's phases; then, for the float reference, float training over the epochs and rates of the phases
// behind the float warm-up, continuing from the warm-up's weights: the same schedule without quantization.
// With distillation the reference comes right behind the warm-up: it is the teacher of the quantized phases.
std::vector<Stage> make_stages(const TrainConfig& config);

// The rate a phase starts from: its own, else the optimizer's (frozen: a hundredth of that).
double base_rate(const PhaseConfig& phase, const OptimizerConfig& optimizer);

std::string to_string(PhaseKind kind);

}  // namespace intact
