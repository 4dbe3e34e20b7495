// Random valid configs, from a seed.
#pragma once

#include <cstdint>

#include "config/experiment.h"

namespace intact::test {

ExperimentConfig random_config(std::uint64_t seed);

}  // namespace intact::test
