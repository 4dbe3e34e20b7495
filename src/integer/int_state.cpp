#include "integer/int_state.h"

namespace intact {

std::string_view to_string(Op op) {
  switch (op) {
    case Op::kConv:
      return "convolution";
    case Op::kAdd:
      return "add";
    case Op::kAvgPool:
      return "average pooling";
    case Op::kMaxPool:
      return "max pooling";
  }
  return "unknown";
}

int output_extent(int in, int kernel, int stride, int dilation, int pad_before, int pad_after) {
  // 64 bits: dilation (kernel - 1) of two 16-bit numbers does not fit an int.
  const std::int64_t span = static_cast<std::int64_t>(dilation) * (kernel - 1) + 1;
  const std::int64_t room = static_cast<std::int64_t>(in) + pad_before + pad_after - span;
  return room < 0 ? 0 : static_cast<int>(room / stride + 1);
}

}  // namespace intact
