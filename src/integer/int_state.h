// IntState: all integers of one layer, made once by freeze() and only ever copied after that.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "integer/grid.h"

namespace intact {

enum class Op : std::uint8_t { kConv = 1, kAdd = 2, kAvgPool = 3, kMaxPool = 4 };

std::string_view to_string(Op op);

// Window geometry of a convolution or a pooling, in pixels. Padding may differ on each side.
struct Window {
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;

  auto operator<=>(const Window&) const = default;
};

// Output extent of ARITHMETIC section 2 along one axis; <= 0 if the window does not fit.
int output_extent(int in, int kernel, int stride, int dilation, int pad_before, int pad_after);

// The constants of ARITHMETIC section 3 (convolution, average pooling), 4 (logits: b only) or 5 (add: r, m
// per input, one b).
struct Requantization {
  int k = 0;
  int r = 0;
  std::vector<std::int32_t> m;
  std::vector<std::int32_t> b;
  std::int32_t m_res = 0;  // multiplier of the fused residual, 0 without one
  std::int64_t bound = 0;  // A: the largest |accumulator| over channels; add: sum of vmax_i |m_i|

  bool operator==(const Requantization&) const = default;
};

struct IntState {
  Op op = Op::kConv;
  Window window;              // convolution and pooling; defaults for add
  int groups = 1;             // convolution
  bool residual = false;      // convolution: the second input is added before the requantization
  std::int32_t pad_code = 0;  // code that padding reads as (convolution, average pooling): the input's z, -1
                              // for a bipolar input of a convolution; recorded without padding too
  Grid weight_grid;           // convolution
  std::vector<std::int8_t>
      weights;       // convolution: codes [out][kernel_h][kernel_w][in / groups]; bipolar: -1, +1
  Requantization q;  // empty for max pooling

  bool operator==(const IntState&) const = default;
};

}  // namespace intact
