#include "train/loss.h"

#include "quant/libtorch.h"

namespace intact {

torch::Tensor Loss::mean(const torch::Tensor& outputs, const Batch& batch) const {
  if (classifies())
    return at::cross_entropy_loss(outputs, batch.labels, {}, at::Reduction::Mean, -100, label_smoothing_);
  const torch::Tensor target = (batch.images.flatten(1).to(outputs.scalar_type()) - zero_point_) * scale_;
  return at::mse_loss(outputs, target, at::Reduction::Mean);
}

std::int64_t Loss::correct(const torch::Tensor& outputs, const Batch& batch) const {
  if (!classifies()) return 0;
  return outputs.detach().argmax(1).eq(batch.labels).sum().item<std::int64_t>();
}

}  // namespace intact
