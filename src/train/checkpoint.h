// The state of a training run in one file, written atomically.
#pragma once

#include <torch/optim/optimizer.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "integer/graph.h"
#include "nn/network.h"
#include "train/weight_average.h"

namespace intact {

// Where a run stands. All randomness is a function of (seed, stage, epoch, sample), so no generator state is
// needed beside it.
struct Progress {
  std::int64_t stage = 0;    // index into make_stages(); their number when the run is complete
  bool stage_ready = false;  // the stage's preparation (copying weights, re-estimation) is done
  std::int64_t epoch = 0;    // within the stage
  std::int64_t step = 0;     // within the epoch
  double loss_sum = 0;       // over the epoch's steps so far
  std::int64_t correct = 0, seen = 0;
  std::int64_t metrics_bytes = 0;                       // length of metrics.jsonl that belongs to this state
  double seconds = 0;                                   // of training so far
  double quantized_accuracy = -1, float_accuracy = -1;  // latest on the test set; negative: not measured
};

struct CheckpointParts {
  Network& network;
  Network& reference;
  torch::optim::Optimizer* optimizer;  // of the stage in progress; null between stages
  WeightAverage* average = nullptr;    // null or empty: none is kept
};

// graph: the integers as of now (nothing before the quantizers have ranges). config: the resolved config's
// text.
void save_checkpoint(const std::filesystem::path& file, const Progress& progress,
                     const CheckpointParts& parts, const std::optional<Graph>& graph,
                     const std::string& config);

// Reads progress and config first (what is needed to build the parts), then the rest. Throw Error naming the
// file if it is damaged or belongs to another network.
class Checkpoint {
 public:
  explicit Checkpoint(const std::filesystem::path& file);

  const Progress& progress() const { return progress_; }
  const std::string& config() const { return config_; }
  const std::optional<Graph>& graph() const { return graph_; }
  bool has_optimizer() const { return has_optimizer_; }
  void restore(const CheckpointParts& parts);

 private:
  std::filesystem::path file_;
  torch::serialize::InputArchive archive_;
  Progress progress_;
  std::string config_;
  std::optional<Graph> graph_;
  bool has_optimizer_ = false, has_average_ = false;
};

}  // namespace intact
