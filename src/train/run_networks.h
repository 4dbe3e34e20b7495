// The networks of a finished run, for what goes on from them.
#pragma once

#include <memory>

#include "config/experiment.h"
#include "nn/network.h"
#include "train/run_folder.h"

namespace intact {

struct RunNetworks {
  ExperimentConfig config;
  std::shared_ptr<Network> network;    // what the run ended on
  std::shared_ptr<Network> reference;  // its float network; null where the run trained none
  double float_accuracy = 0;           // of the reference, as the run measured it last
};

// Throws Error naming the folder if it holds no run, a damaged one, or one that is not finished.
RunNetworks load_run(const RunFolder& folder);

}  // namespace intact
