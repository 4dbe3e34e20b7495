// Knowledge distillation (Hinton et al. 2015, arXiv 1503.02531).
#pragma once

#include <torch/types.h>

namespace intact {

// temperature^2 KL(softmax(teacher / temperature) || softmax(student / temperature)), the mean over the batch
// of logits [N, classes]. The square keeps the gradient's size whatever the temperature (section 2 of the
// paper). Differentiable in the student's logits; the teacher's are constants.
torch::Tensor distillation_loss(const torch::Tensor& student, const torch::Tensor& teacher,
                                double temperature);

}  // namespace intact
