// The ranges of input features as text, for those who write firmware.
#pragma once

#include <span>
#include <string>

#include "data/dataset.h"

namespace intact {

// CSV with the header feature,min,max and a line each, in the order of the input's bytes. Numbers read back
// as the same doubles; a name with a comma or a quote stands in quotes.
std::string feature_table(std::span<const InputFeature> features);

}  // namespace intact
