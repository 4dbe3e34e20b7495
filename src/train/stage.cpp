#include "train/stage.h"

#include <utility>

namespace intact {

std::string to_string(PhaseKind kind) {
  switch (kind) {
    case PhaseKind::kFloat:
      return "float";
    case PhaseKind::kCalibrate:
      return "calibrate";
    case PhaseKind::kQat:
      return "qat";
    case PhaseKind::kFrozen:
      break;
  }
  return "frozen";
}

std::string Stage::label() const {
  return reference ? "float reference (" + to_string(phase.kind) + ")" : to_string(phase.kind);
}

std::vector<Stage> make_stages(const TrainConfig& config) {
  std::vector<Stage> warmup, quantized, reference;
  for (const PhaseConfig& phase : config.phases) {
    (phase.kind == PhaseKind::kFloat ? warmup : quantized).push_back({phase, false});
    if (!config.float_reference) continue;
    if (phase.kind == PhaseKind::kQat || phase.kind == PhaseKind::kFrozen) reference.push_back({phase, true});
  }
  std::vector<Stage> stages = std::move(warmup);
  const bool teaches = config.distill.weight > 0;
  for (const auto* next : {teaches ? &reference : &quantized, teaches ? &quantized : &reference})
    stages.insert(stages.end(), next->begin(), next->end());
  return stages;
}

double base_rate(const PhaseConfig& phase, const OptimizerConfig& optimizer) {
  if (phase.lr) return *phase.lr;
  return phase.kind == PhaseKind::kFrozen ? optimizer.lr * 0.01 : optimizer.lr;
}

}  // namespace intact
