// Post-training quantization: a float network becomes an integer one from some batches of images, without
// labels and without training.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "integer/graph.h"
#include "train/evaluate.h"
#include "train/run_folder.h"

namespace intact {

// How much of a layer's float output its quantized one keeps, all layers before it quantized too.
struct LayerFidelity {
  std::string layer;
  double sqnr = 0;  // signal to quantization noise, dB: 10 log10(sum wanted^2 / sum (wanted - got)^2)
};

struct CalibrateResult {
  StateHash hash{};  // of the integers
  Evaluation float_, quantized;
  std::int64_t images = 0;  // calibrated on
  double seconds = 0;
  std::vector<LayerFidelity> layers;
};

struct CalibrateOptions {
  std::function<void()> started;  // called once the folder exists, before anything is logged
};

// Takes the float network of the run that config.train.init names, quantizes it as config.quantization and
// config.calibrate say, and leaves a finished run in the folder: `compare`'s float rung is the network it
// started from. The layers are quantized in order, each against what the float network has in its place and
// on what the layers before it really give. The folder must not hold a run already. Throws Error and
// ConfigError, before anything is written if data, config or the earlier run are at fault.
CalibrateResult calibrate(const ExperimentConfig& config, const RunFolder& folder,
                          const CalibrateOptions& options);

}  // namespace intact
