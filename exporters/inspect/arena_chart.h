// The arena over time: a line per node.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "exporters/passes/lowered.h"

namespace intact {

// Per node a line of `width` characters over the whole arena: 'o' the node's output, '#' other tensors that
// must keep their content during the node (in a stream: during all its nodes), 's' its scratch, '.' free. A
// character shows the most important thing that touches its bytes, in this order.
std::vector<std::string> arena_chart(const Lowered& lowered, std::size_t width);

}  // namespace intact
