// The network of the example firmware.
#pragma once

#include "blob_builder.h"
#include "random_network.h"

namespace intact::testing {

inline NetworkSpec example_network() {
  NetworkMaker maker(2024, TensorSpec::unsigned_codes(8, 0).shaped(12, 12, 1));
  ConvShape s;
  s.channels_out = 16;
  s.kernel_h = s.kernel_w = 3;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
  s.weight_bits = 4;
  const int first = maker.conv(0, s, TensorSpec::unsigned_codes(4));
  maker.logits(maker.max_pool(first, 2, 2, 2, 0), 10, 4);
  return maker.network();
}

inline BlobOptions example_options() {
  NetworkMaker maker(7, TensorSpec::unsigned_codes(8, 0).shaped(12, 12, 1));
  BlobOptions options;
  for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  return options;
}

}  // namespace intact::testing
