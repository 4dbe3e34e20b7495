// Seeded networks that keep the bounds of docs/ARITHMETIC.md, built node by node.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "network_spec.h"

namespace intact::testing {

struct ConvShape {
  std::uint32_t channels_out = 1;
  int kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  int groups = 1;
  int weight_bits = 8;  // 1: bipolar
  int layout = 0;
};

class NetworkMaker {
 public:
  NetworkMaker(std::uint64_t seed, const TensorSpec& input) : random_(seed, {0x6e6574}) {
    net_.input = input;
  }

  // Each appends a node whose output lives on `grid` (its shape is computed) and returns the new tensor's
  // index.
  int conv(int input, const ConvShape& shape, const TensorSpec& grid, int residual = -1);
  int logits(int input, std::uint32_t classes, int weight_bits);  // over the whole tensor
  int add(const std::vector<int>& inputs, const TensorSpec& grid);
  int avg_pool(int input, int kernel_h, int kernel_w, int stride, int pad, const TensorSpec& grid);
  int max_pool(int input, int kernel_h, int kernel_w, int stride, int pad);

  // A tensor of another grid and `channels` from the network's input, so that any kernel can be tested on any
  // operand: a 1x1 convolution.
  int convert(std::uint32_t channels, const TensorSpec& grid);

  NetworkSpec& network() { return net_; }
  std::vector<std::uint8_t> input();  // random codes

 private:
  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint32_t>(high - low + 1)));
  }
  int append(NodeSpec node);
  std::vector<int> weights(std::size_t count, int bits);
  // k, r, m, b (and m_res) with all partial sums below 2^30, spread over the output's range.
  void scales(NodeSpec& node, std::int64_t bound, std::size_t channels, std::int64_t residual_vmax);

  RandomStream random_;
  NetworkSpec net_;
};

// 4 to 8 nodes of all operations and widths: what the mutation test, the fuzzer and the cores run.
NetworkMaker mixed_network(std::uint64_t seed);

// 1 to 3 nodes over a few pixels and channels, of any operation, window and width: some microseconds a run.
NetworkMaker tiny_network(std::uint64_t seed);

}  // namespace intact::testing
