// Faults that show only when quantization and model meet.
#pragma once

#include "config/experiment.h"
#include "config/sections.h"

namespace intact {

// Checks every layer's quantizers and every override; appends the override that gives the classifier one
// weight scale per tensor where the defaults say otherwise. Throws ConfigError.
void check_quantization(ExperimentConfig& config, const QuantizationPlaces& places);

}  // namespace intact
