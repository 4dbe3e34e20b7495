// Trains a run: all stages, checkpoints, metrics; resumes where a checkpoint stands.
#pragma once

#include <atomic>
#include <functional>

#include "config/experiment.h"
#include "integer/graph.h"
#include "train/checkpoint.h"
#include "train/run_folder.h"

namespace intact {

struct TrainResult {
  bool complete = false;  // false: interrupted; the run resumes
  Progress progress;
  StateHash hash{};              // of the integers
  double images_per_second = 0;  // over the steps of this process
};

struct TrainOptions {
  bool resume = false;
  const std::atomic<bool>* interrupt = nullptr;  // set: stop after the present step, with a checkpoint
  std::function<void()> started;                 // called once the folder exists, before anything is logged
};

// Trains `config` into the folder. Without resume the folder must not hold a run already. With it the
// checkpoint's config must equal `config`. The data is read and checked against the config, and a checkpoint
// opened, before anything is written; Error and ConfigError from there leave no trace. The weights that come
// out depend on the config and the number of threads alone, however often the run was interrupted.
TrainResult train(const ExperimentConfig& config, const RunFolder& folder, const TrainOptions& options);

// Threads as the config says (0: all cores), for LibTorch and our own kernels; returns their number.
int set_threads(int threads);

}  // namespace intact
