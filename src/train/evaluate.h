// Loss and accuracy over a data set, without augmentation.
#pragma once

#include "data/dataset.h"
#include "nn/integer_network.h"
#include "nn/network.h"

namespace intact {

struct Evaluation {
  double loss = 0;      // mean cross entropy of the real logits
  double accuracy = 0;  // 0..1
  std::int64_t samples = 0;
};

// The float form with running statistics.
Evaluation evaluate_float(Network& network, const Dataset& data);

// The integers.
Evaluation evaluate_integers(const IntegerNetwork& network, const Dataset& data);

}  // namespace intact
