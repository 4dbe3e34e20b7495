#include "train/check_outputs.h"

#include <string>

#include "config/load.h"

namespace intact {

void check_outputs(const ExperimentConfig& config, const Dataset& data) {
  const LayerConfig& last = config.model.layers.back();
  const bool classifies = config.train.loss == LossKind::kCrossEntropy;
  const int needed = classifies ? data.classes : static_cast<int>(data.image_bytes());
  if (classifies ? last.out >= needed : last.out == needed) return;
  const std::string has = "the last layer " + last.name + " has " + std::to_string(last.out) + " outputs, ";
  throw ConfigError(config.source, last.line, last.column,
                    has + (classifies ? "the data " + std::to_string(needed) + " classes"
                                      : "its input " + std::to_string(needed) + " values to give back"),
                    "set its out: to " + std::to_string(needed));
}

}  // namespace intact
