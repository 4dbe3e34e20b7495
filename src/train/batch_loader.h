// Batches of one epoch in order, the next one assembled on another thread while the present one is trained
// on.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <future>
#include <vector>

#include "config/experiment.h"
#include "data/dataset.h"

namespace intact {

struct Batch {
  torch::Tensor images;  // uint8 [N, H, W, C]
  torch::Tensor labels;  // int64 [N]
};

// Full batches per epoch; a last smaller one is left out, unless it is the only one.
std::int64_t batches_per_epoch(const Dataset& data, int batch_size);

class BatchLoader {
 public:
  // fill: the byte that stands for real 0. Starts at batch `first`. All randomness is f(seed, epoch, sample).
  BatchLoader(const Dataset& data, const AugmentConfig& augment, int batch_size, std::uint8_t fill,
              std::uint64_t seed, std::uint64_t epoch, std::int64_t first);

  bool done() const { return next_ >= count_; }
  Batch next();

 private:
  void prefetch();
  Batch assemble(std::int64_t index) const;

  const Dataset& data_;
  AugmentConfig augment_;
  int batch_size_;
  std::uint8_t fill_;
  std::uint64_t seed_, epoch_;
  std::vector<std::int32_t> order_;
  std::int64_t count_, next_;
  std::future<Batch> pending_;
};

// Samples first .. first + count - 1 as they are.
Batch plain_batch(const Dataset& data, std::int64_t first, std::int64_t count);

}  // namespace intact
