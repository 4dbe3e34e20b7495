#pragma once

#include <cstdint>
#include <vector>

#include "runtime/intact.h"

namespace intact {

// All values of a tensor of the runtime, in the order height, width, channel.
std::vector<std::int32_t> tensor_values(const intact_tensor& tensor);

}  // namespace intact
