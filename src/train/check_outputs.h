// The data against the network's last layer.
#pragma once

#include "config/experiment.h"
#include "data/dataset.h"

namespace intact {

// Throws ConfigError at the last layer unless it has an output for each class, or, for the reconstruction
// loss, one for each value of the input.
void check_outputs(const ExperimentConfig& config, const Dataset& data);

}  // namespace intact
