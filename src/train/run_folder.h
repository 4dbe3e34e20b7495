// Names inside a run folder. It is enough to repeat, resume, export and compare the run.
#pragma once

#include <filesystem>

#include "config/experiment.h"
#include "data/dataset.h"

namespace intact {

struct RunFolder {
  std::filesystem::path root;

  std::filesystem::path config() const { return root / "config.yaml"; }  // resolved: every key written
  std::filesystem::path log() const { return root / "train.log"; }
  std::filesystem::path metrics() const { return root / "metrics.jsonl"; }  // one JSON object a line
  std::filesystem::path checkpoint() const {
    return root / "checkpoint.pt";
  }                                                                         // the latest; replaced atomically
  std::filesystem::path features() const { return root / "features.csv"; }  // data/feature_table.h; kind csv
  std::filesystem::path blob() const { return root / "model.blob"; }
  std::filesystem::path compare() const { return root / "compare.json"; }
};

// Throws Error if the folder holds a checkpoint: a run is not overwritten.
void refuse_run(const RunFolder& folder);

// Creates the folder with the config, and for tables what firmware needs to make the input's bytes. Throws
// Error.
void create_run(const RunFolder& folder, const ExperimentConfig& config, const DataSplits& data);

}  // namespace intact
