#include "firmware/tensor_values.h"

namespace intact {

std::vector<std::int32_t> tensor_values(const intact_tensor& tensor) {
  std::vector<std::int32_t> values;
  for (std::uint32_t y = 0; y < tensor.height; ++y) {
    for (std::uint32_t x = 0; x < tensor.width; ++x) {
      for (std::uint32_t c = 0; c < tensor.channels; ++c) values.push_back(intact_value(&tensor, y, x, c));
    }
  }
  return values;
}

}  // namespace intact
