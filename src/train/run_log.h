// What a run says of its evaluations: a line for people, and one of metrics.jsonl for programs.
#pragma once

#include <optional>
#include <string>

#include "train/evaluate.h"
#include "train/metrics_log.h"
#include "train/stage.h"

namespace intact {

struct EpochReport {
  std::int64_t epoch = 0;          // from 0
  std::string training;            // loss and accuracy on the training data, for people
  double loss = 0;                 // the same, for programs
  std::optional<double> accuracy;  // 0..1
  double images_per_second = 0;
  Evaluation test;
  std::string integers;  // their hash in hexadecimal; empty in stages that run in float
};

class RunLog {
 public:
  // Keeps the first `keep` bytes of an existing file.
  RunLog(const std::filesystem::path& metrics, std::int64_t keep) : metrics_(metrics, keep) {}

  void calibrated(int batches, const Evaluation& e);
  void epoch(const Stage& stage, const EpochReport& report);
  void step(const Stage& stage, std::int64_t epoch, std::int64_t step,
            double loss);  // epoch from 0, step from 1
  void averaged(const Stage& stage, const Evaluation& e);
  // Around the change to frozen statistics; moment: "before re-estimation".
  void frozen(const std::string& moment, const Evaluation& e);

  std::int64_t bytes() const { return metrics_.bytes(); }  // of metrics.jsonl

 private:
  MetricsLog metrics_;
};

}  // namespace intact
