// Runs rungs over the same samples and counts, for each pair, the values that differ.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/compare/rung.h"
#include "config/experiment.h"
#include "data/dataset.h"

namespace intact {

struct Difference {
  std::string layer;
  std::int64_t sample = 0, index = 0;  // index: into the layer's output, height, width, channel
  std::int32_t a = 0, b = 0;
};

struct PairResult {
  std::string a, b;
  std::int64_t tensors = 0, values = 0, different = 0;  // tensors: one per layer and sample
  std::optional<Difference> first;
};

struct RungResult {
  std::string name;
  std::int64_t samples = 0;
  double score = 0;  // accuracy, or mean squared error
};

struct Comparison {
  LossKind loss = LossKind::kCrossEntropy;  // says what the score is
  std::vector<RungResult> rungs;
  std::vector<PairResult> pairs;  // every pair of rungs
  bool equal() const;
};

// The first `limit` samples of data. A rung's score is what the network was trained for: the share of labels
// that the outputs' largest hits, or the mean squared error of the output's reals against the input's.
// progress(done) is called as samples are finished.
Comparison compare_rungs(const Graph& graph, const Dataset& data, std::int64_t limit,
                         const std::vector<std::unique_ptr<Rung>>& rungs, LossKind loss,
                         const std::function<void(std::int64_t done)>& progress);

}  // namespace intact
