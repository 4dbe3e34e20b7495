#include "train/batch_loader.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "data/batch.h"

namespace intact {
namespace {

Batch empty_batch(const Dataset& data, std::int64_t n) {
  return {torch::empty({n, data.height, data.width, data.channels}, torch::kUInt8),
          torch::empty({n}, torch::kInt64)};
}

}  // namespace

std::int64_t batches_per_epoch(const Dataset& data, int batch_size) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(data.size()) / batch_size);
}

BatchLoader::BatchLoader(const Dataset& data, const AugmentConfig& augment, int batch_size, std::uint8_t fill,
                         std::uint64_t seed, std::uint64_t epoch, std::int64_t first)
    : data_(data),
      augment_(augment),
      batch_size_(batch_size),
      fill_(fill),
      seed_(seed),
      epoch_(epoch),
      order_(epoch_order(data.size(), seed, epoch)),
      count_(batches_per_epoch(data, batch_size)),
      next_(first) {
  prefetch();
}

void BatchLoader::prefetch() {
  if (done()) return;
  pending_ = std::async(std::launch::async, [this, index = next_] { return assemble(index); });
}

Batch BatchLoader::assemble(std::int64_t index) const {
  const auto first = static_cast<std::size_t>(index) * static_cast<std::size_t>(batch_size_);
  const std::size_t n = std::min(static_cast<std::size_t>(batch_size_), order_.size() - first);
  Batch batch = empty_batch(data_, static_cast<std::int64_t>(n));
  assemble_batch(data_, std::span(order_).subspan(first, n), augment_, fill_, seed_, epoch_,
                 batch.images.data_ptr<std::uint8_t>(), batch.labels.data_ptr<std::int64_t>());
  return batch;
}

Batch BatchLoader::next() {
  Batch batch = pending_.get();
  ++next_;
  prefetch();
  return batch;
}

Batch plain_batch(const Dataset& data, std::int64_t first, std::int64_t count) {
  Batch batch = empty_batch(data, count);
  const auto bytes = data.image_bytes();
  std::memcpy(batch.images.data_ptr<std::uint8_t>(),
              data.images.data() + static_cast<std::size_t>(first) * bytes,
              static_cast<std::size_t>(count) * bytes);
  std::copy_n(data.labels.begin() + first, count, batch.labels.data_ptr<std::int64_t>());
  return batch;
}

}  // namespace intact
