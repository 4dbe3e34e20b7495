#include "train/stage.h"

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
  std::vector<Stage> stages;
  for (const PhaseConfig& phase : config.phases) stages.push_back({phase, false});
  if (!config.float_reference) return stages;
  for (const PhaseConfig& phase : config.phases) {
    if (phase.kind == PhaseKind::kQat || phase.kind == PhaseKind::kFrozen) stages.push_back({phase, true});
  }
  return stages;
}

double base_rate(const PhaseConfig& phase, const OptimizerConfig& optimizer) {
  if (phase.lr) return *phase.lr;
  return phase.kind == PhaseKind::kFrozen ? optimizer.lr * 0.01 : optimizer.lr;
}

}  // namespace intact
