// One network's state into another.
#pragma once

#include "nn/network.h"

namespace intact {

// Parameters and buffers into a network of the same layers.
void copy_network(const Network& from, Network& to);

}  // namespace intact
