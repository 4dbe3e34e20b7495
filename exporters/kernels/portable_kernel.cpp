#include "exporters/kernels/portable_kernel.h"

#include "exporters/kernels/conv_shape.h"

namespace intact {

std::uint16_t portable_kernel(const Graph& graph, const Node& node, WeightLayout layout) {
  const intact_conv conv = conv_shape(graph, node, layout);
  if (intact_conv_xnor_scratch(&conv, UINT32_MAX) != INTACT_CANNOT) return INTACT_CONV_XNOR;
  if (intact_conv_depthwise_scratch(&conv, UINT32_MAX) != INTACT_CANNOT) return INTACT_CONV_DEPTHWISE;
  return INTACT_CONV_DENSE;
}

}  // namespace intact
