#include "fuzz_kernels.h"

#include <iterator>
#include <utility>

namespace intact::testing {
namespace {

using Planning = std::uint64_t (*)(const intact_conv*, std::uint64_t);

struct Elsewhere {
  std::uint32_t number;
  Planning scratch;
};

constexpr Elsewhere kElsewhere[] = {
    {INTACT_CONV_DIRECT16, intact_conv_direct16_scratch},
    {INTACT_CONV_POLY_ROW, intact_conv_poly_row_scratch},
    {INTACT_CONV_POLY_POINT, intact_conv_poly_point_scratch},
    {INTACT_CONV_POLY_POINT, intact_conv_poly_point_scratch},
    {INTACT_CONV_DEPTHWISE16, intact_conv_depthwise16_scratch},
    {INTACT_CONV_DIRECT8, intact_conv_direct8_scratch},
    {INTACT_CONV_WINOGRAD8, intact_conv_winograd8_scratch},
    {INTACT_CONV_PATTERN, intact_conv_pattern_scratch},
    {INTACT_CONV_DEPTHWISE8, intact_conv_depthwise8_scratch},
    {INTACT_CONV_VECTOR8, intact_conv_vector8_scratch},
};

// A plan that does not keep its contract (bytes within the limit, or INTACT_CANNOT) ends the fuzzer.
template <std::size_t I>
std::uint64_t checked_scratch(const intact_conv* conv, std::uint64_t limit) {
  const std::uint64_t bytes = kElsewhere[I].scratch(conv, limit);
  if (bytes != INTACT_CANNOT && bytes > limit) __builtin_trap();
  return bytes;
}

template <std::size_t... I>
intact_kernel_set make(std::index_sequence<I...>) {
  static const intact_conv_kernel kernels[] = {{checked_scratch<I>, intact_conv_dense.run}...};
  intact_kernel_set set = intact_all_kernels;
  for (std::size_t i = 0; i < sizeof...(I); ++i) {
    if (!set.conv[kElsewhere[i].number]) set.conv[kElsewhere[i].number] = &kernels[i];
  }
  return set;
}

}  // namespace

const intact_kernel_set& fuzz_kernels() {
  static const intact_kernel_set set = make(std::make_index_sequence<std::size(kElsewhere)>());
  return set;
}

}  // namespace intact::testing
