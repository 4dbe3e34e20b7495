#include "train/distill.h"

#include "quant/libtorch.h"

namespace intact {

torch::Tensor distillation_loss(const torch::Tensor& student, const torch::Tensor& teacher,
                                double temperature) {
  const torch::Tensor wanted = at::log_softmax(teacher.detach() / temperature, 1);
  const torch::Tensor got = at::log_softmax(student / temperature, 1);
  return (wanted.exp() * (wanted - got)).sum(1).mean() * (temperature * temperature);
}

}  // namespace intact
