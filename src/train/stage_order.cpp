#include "train/stage_order.h"

#include <algorithm>

namespace intact {

std::int64_t warmup_stages(const Stages& stages) {
  const auto end = std::find_if(stages.begin(), stages.end(),
                                [](const Stage& s) { return s.phase.kind != PhaseKind::kFloat; });
  return end - stages.begin();
}

bool any_calibrates(const Stages& stages) {
  return std::any_of(stages.begin(), stages.end(),
                     [](const Stage& s) { return s.phase.kind == PhaseKind::kCalibrate; });
}

int bits_in_stage(const Stages& stages, std::int64_t stage) {
  int bits = 0;
  bool any = false;
  for (std::int64_t i = 0; i < std::ssize(stages) && (i <= stage || !any); ++i) {
    const Stage& s = stages[static_cast<std::size_t>(i)];
    if (s.runs_float() || s.phase.kind == PhaseKind::kCalibrate) continue;
    bits = s.phase.bits;
    any = true;
  }
  return bits;
}

std::int64_t epochs_behind(const Stages& stages, std::int64_t stage, std::int64_t epoch) {
  std::int64_t left = -epoch - 1;
  for (auto i = static_cast<std::size_t>(stage); i < stages.size(); ++i) {
    if (stages[i].phase.kind != PhaseKind::kCalibrate) left += stages[i].phase.epochs;
  }
  return left;
}

std::int64_t qat_epochs_behind(const Stages& stages, std::int64_t stage, std::int64_t epoch) {
  const Stage& present = stages.at(static_cast<std::size_t>(stage));
  std::int64_t left = present.phase.epochs - epoch - 1;
  for (auto i = static_cast<std::size_t>(stage) + 1; i < stages.size(); ++i) {
    const Stage& later = stages[i];
    if (later.reference == present.reference && later.phase.kind == PhaseKind::kQat)
      left += later.phase.epochs;
  }
  return left;
}

double qat_share(const Stages& stages, const StagePoint& at) {
  if (stages.at(static_cast<std::size_t>(at.stage)).phase.kind != PhaseKind::kQat) return 1.0;
  double before = 0, all = 0;
  for (std::int64_t i = 0; i < std::ssize(stages); ++i) {
    const Stage& s = stages[static_cast<std::size_t>(i)];
    if (s.reference || s.phase.kind != PhaseKind::kQat) continue;
    all += s.phase.epochs;
    if (i < at.stage) before += s.phase.epochs;
  }
  return (before + at.epochs) / all;
}

}  // namespace intact
