#include "train/copy_network.h"

#include "quant/libtorch.h"

#include <vector>

namespace intact {

void copy_network(const Network& from, Network& to) {
  torch::NoGradGuard no_grad;
  const auto copy = [](const std::vector<torch::Tensor>& source, std::vector<torch::Tensor> target) {
    for (std::size_t i = 0; i < source.size(); ++i) target.at(i).copy_(source[i]);
  };
  copy(from.parameters(), to.parameters());
  copy(from.buffers(), to.buffers());
}

}  // namespace intact
