// Loss and accuracy over a data set, without augmentation.
#pragma once

#include <optional>
#include <string>

#include "data/dataset.h"
#include "nn/integer_network.h"
#include "nn/network.h"

namespace intact {

struct Evaluation {
  double loss = 0;                 // mean of LossKind over the samples
  std::optional<double> accuracy;  // 0..1; nothing where the loss looks at no labels
  std::int64_t samples = 0;
};

// "loss 0.1234, accuracy 91.20 %".
std::string to_text(const Evaluation& e);

// The float form with running statistics.
Evaluation evaluate_float(Network& network, const Dataset& data, LossKind loss);

// The integers.
Evaluation evaluate_integers(const IntegerNetwork& network, const Dataset& data, LossKind loss);

}  // namespace intact
