// Learning rate as a function of the step.
#pragma once

#include <cstdint>

#include "config/experiment.h"

namespace intact {

// Rate at `step` (0-based) of a phase of `steps` steps. Warm-up rises linearly over its share of the steps
// and ends at base; the schedule proper runs over the rest. constant: base; step: base * factor^(epochs done
// / step_epochs); cosine: from base to base * final_factor.
double learning_rate(const ScheduleConfig& schedule, double base, std::int64_t step, std::int64_t steps,
                     std::int64_t steps_per_epoch);

}  // namespace intact
