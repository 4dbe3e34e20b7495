// Small experiment configs for tests of the training network, and seeded images for them.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace intact::test {

struct NamedConfig {
  std::string name;  // in failure messages
  std::string yaml;
};

// Every layer kind, quantizer, observer, granularity and range, at several bits; input 12x10x2.
std::vector<NamedConfig> tiny_configs();

// uint8 [n, 12, 10, 2].
torch::Tensor tiny_images(std::int64_t n, std::uint64_t seed);

}  // namespace intact::test
