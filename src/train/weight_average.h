// Stochastic weight averaging (Izmailov et al. 2018, arXiv 1803.05407): the mean of a network's parameters at
// the ends of several epochs. Batch norm's statistics are not averaged: they belong to one set of weights and
// are measured again (section 3.2).
#pragma once

#include <torch/serialize/archive.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nn/network.h"

namespace intact {

class WeightAverage {
 public:
  // The quantizers' parameters with the weights.
  void add(const Network& network);
  void copy_to(Network& network) const;  // count() > 0
  void clear();

  std::int64_t count() const { return count_; }

  void save(torch::serialize::OutputArchive& archive) const;
  void load(torch::serialize::InputArchive& archive);

 private:
  std::int64_t count_ = 0;
  std::vector<torch::Tensor> mean_;
};

}  // namespace intact
