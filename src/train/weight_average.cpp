#include "train/weight_average.h"

#include <string>

#include "quant/libtorch.h"

namespace intact {

void WeightAverage::add(const Network& network) {
  torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> parameters = network.parameters();
  if (count_ == 0) {
    for (const torch::Tensor& p : parameters) mean_.push_back(p.detach().clone());
  } else {
    const double share = 1.0 / static_cast<double>(count_ + 1);
    for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i].add_(parameters.at(i) - mean_[i], share);
  }
  ++count_;
}

void WeightAverage::copy_to(Network& network) const {
  torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].copy_(mean_.at(i));
}

void WeightAverage::clear() {
  count_ = 0;
  mean_.clear();
}

void WeightAverage::save(torch::serialize::OutputArchive& archive) const {
  archive.write("count", torch::tensor(count_), /*is_buffer=*/true);
  archive.write("tensors", torch::tensor(static_cast<std::int64_t>(mean_.size())), /*is_buffer=*/true);
  for (std::size_t i = 0; i < mean_.size(); ++i)
    archive.write(std::to_string(i), mean_[i], /*is_buffer=*/true);
}

void WeightAverage::load(torch::serialize::InputArchive& archive) {
  torch::Tensor count, tensors;
  archive.read("count", count, /*is_buffer=*/true);
  archive.read("tensors", tensors, /*is_buffer=*/true);
  clear();
  count_ = count.item<std::int64_t>();
  for (std::int64_t i = 0; i < tensors.item<std::int64_t>(); ++i) {
    torch::Tensor t;
    archive.read(std::to_string(i), t, /*is_buffer=*/true);
    mean_.push_back(t);
  }
}

}  // namespace intact
