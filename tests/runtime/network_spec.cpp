#include "network_spec.h"

#include <algorithm>
#include <cstdlib>

namespace intact::testing {

TensorSpec TensorSpec::unsigned_codes(int bits, std::int32_t z) {
  return {1, 1, 1, kUnsigned, bits, 0, (1 << bits) - 1, z};
}
TensorSpec TensorSpec::signed_codes(int bits) {
  return {1, 1, 1, kSigned, bits, -(1 << (bits - 1)), (1 << (bits - 1)) - 1, 0};
}
TensorSpec TensorSpec::bipolar() {
  return {1, 1, 1, kBipolar, 1, -1, 1, 0};
}
TensorSpec TensorSpec::int32() {
  return {1, 1, 1, kInt32, 32, INT32_MIN, INT32_MAX, 0};
}

TensorSpec TensorSpec::shaped(std::uint32_t h, std::uint32_t w, std::uint32_t c) const {
  TensorSpec t = *this;
  t.height = h;
  t.width = w;
  t.channels = c;
  return t;
}

std::int64_t TensorSpec::vmax() const {
  return std::max(std::abs(std::int64_t{qmin} - z), std::abs(std::int64_t{qmax} - z));
}

int TensorSpec::storage() const {
  for (const int s : {1, 2, 4, 8}) {
    if (s >= bits) return s;
  }
  return 32;
}

}  // namespace intact::testing
