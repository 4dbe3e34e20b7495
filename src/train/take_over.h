// A network that starts where another run's ended: layers are matched by name.
#pragma once

#include <string>

#include "config/experiment.h"
#include "nn/network.h"

namespace intact {

// One side of a transfer: a network and the config it was built from.
struct ConfiguredNetwork {
  Network& network;
  const ExperimentConfig& config;
};

// Weights, biases and batch norm. `source` names where they come from in errors. Throws Error that names the
// input and every layer that has another shape there, or stands on one side only.
void take_over_weights(const ConfiguredNetwork& from, const ConfiguredNetwork& to, const std::string& source);

// The state of quantizers that are configured alike on both sides (behind take_over_weights). Returns how
// many layers have quantizers that must take their ranges anew.
int take_over_quantizers(const ConfiguredNetwork& from, const ConfiguredNetwork& to);

}  // namespace intact
