// Gradual reduction of bits: phases that train with more bits than the network ends on.
#pragma once

#include "config/experiment.h"

namespace intact {

// `config` with every quantizer of fewer than `bits` bits raised to so many; binary and ternary ones, whose
// bits are their nature, stay. 0: `config` itself.
ExperimentConfig with_least_bits(const ExperimentConfig& config, int bits);

}  // namespace intact
