// What follows from the order of a run's stages.
#pragma once

#include <cstdint>
#include <vector>

#include "train/stage.h"

namespace intact {

using Stages = std::vector<Stage>;

// Where training stands: epochs of `stage` that are complete, with a share of the present one where asked.
struct StagePoint {
  std::int64_t stage = 0;
  double epochs = 0;
};

// Stages of the float warm-up, which both networks share; they are the first ones.
std::int64_t warmup_stages(const Stages& stages);

bool any_calibrates(const Stages& stages);

// PhaseConfig::bits of the quantized network in this stage; where it is not trained, of the phase before, or
// of its first one.
int bits_in_stage(const Stages& stages, std::int64_t stage);

// Epochs of all stages behind epoch `epoch` (from 0) of this one.
std::int64_t epochs_behind(const Stages& stages, std::int64_t stage, std::int64_t epoch);

// Epochs of qat that the stage's network has left behind that epoch.
std::int64_t qat_epochs_behind(const Stages& stages, std::int64_t stage, std::int64_t epoch);

// Of the quantized network's epochs of qat, the share that is done, 0..1; 1 in stages of another kind.
double qat_share(const Stages& stages, const StagePoint& at);

}  // namespace intact
