// Stochastic gradient descent with momentum in one pass over each parameter.
#pragma once

#include <torch/optim/sgd.h>

namespace intact {

// torch::optim::SGD (its options, groups, state and serialization) whose step reads and writes each
// parameter, gradient and momentum once:
//   d = g + weight_decay p,   buffer = momentum buffer + d (at first d),   p -= lr (d + momentum buffer with
// Nesterov's, else buffer). dampening must be 0.
class FusedSgd : public torch::optim::SGD {
 public:
  using torch::optim::SGD::SGD;
  torch::Tensor step(LossClosure closure = nullptr) override;
};

// Drops the gradients instead of filling them with zeros: the next backward pass puts its own in place.
void drop_gradients(torch::optim::Optimizer& optimizer);

}  // namespace intact
