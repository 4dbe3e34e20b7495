// A small network written out in plain numbers: what the test-side blob builder packs and the naive network
// computes.
#pragma once

#include <cstdint>
#include <vector>

namespace intact::testing {

enum Kind : std::uint8_t { kUnsigned = 0, kSigned = 1, kBipolar = 2, kInt32 = 3 };
enum Op : std::uint16_t { kConv = 1, kAdd = 2, kAvgPool = 3, kMaxPool = 4 };

struct TensorSpec {
  std::uint32_t height = 1, width = 1, channels = 1;
  Kind kind = kUnsigned;
  int bits = 8;
  std::int32_t qmin = 0, qmax = 255, z = 0;

  static TensorSpec unsigned_codes(int bits, std::int32_t z = 0);
  static TensorSpec signed_codes(int bits);
  static TensorSpec bipolar();
  static TensorSpec int32();

  TensorSpec shaped(std::uint32_t h, std::uint32_t w, std::uint32_t c) const;
  std::size_t elements() const { return std::size_t{height} * width * channels; }
  std::int64_t vmax() const;
  int storage() const;  // FORMAT section 4
};

struct NodeSpec {
  Op op = kConv;
  bool residual = false;
  std::vector<int> inputs;
  TensorSpec output;
  int kernel_h = 0, kernel_w = 0, stride_h = 0, stride_w = 0, dilation_h = 0, dilation_w = 0;
  int pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  int groups = 0;
  int weight_bits = 0;  // 1: bipolar
  int layout = 0;
  std::vector<int> weights;  // [o][ky][kx][i]
  int k = 0, r = 0;
  std::int32_t pad_code = 0, m_res = 0;
  std::vector<std::int32_t> m, b;
};

struct NetworkSpec {
  TensorSpec input;
  std::vector<NodeSpec> nodes;

  const TensorSpec& tensor(int index) const {
    return index == 0 ? input : nodes[static_cast<std::size_t>(index) - 1].output;
  }
};

// Logical values, height, width, channel.
using Values = std::vector<std::int32_t>;

}  // namespace intact::testing
