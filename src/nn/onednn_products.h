// Products of convolutions by oneDNN, on plain memory. Direct algorithms only (no Winograd): a product of
// integers whose partial sums stay below 2^24 comes out exact.
//
// Nothing of LibTorch here: a LibTorch with a oneDNN of its own may export symbols that the system's oneDNN
// would then take for its own, so these functions can stand in a shared library apart (onednn_apart.cpp).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "integer/int_state.h"

namespace intact {

// Extents in the order N, C, H, W; weights O, C / groups, kh, kw. The padding value is 0.
struct OnednnConv {
  std::vector<std::int64_t> source, weights, target;
  Window window;
  std::int64_t groups = 1;
  auto operator<=>(const OnednnConv&) const = default;
};

enum class ConvProduct : std::uint8_t { kForward, kBackwardData, kBackwardWeights };
enum class ElementType : std::uint8_t { kFloat32, kBfloat16, kUint8, kInt8 };

struct ConvTypes {
  ElementType source, weights, target;
  auto operator<=>(const ConvTypes&) const = default;
};

struct OnednnProducts {
  // source, weights, target: dense, in the layouts nhwc, ohwi, nhwc; which one is written follows from the
  // product. Primitives are prepared once for each shape, type and number of OpenMP threads, and kept.
  void (*run)(ConvProduct product, const OnednnConv& conv, const ConvTypes& types, int threads,
              const void* source, const void* weights, const void* target);
  // Whether this processor multiplies bytes without saturation (VNNI or AMX), so that the sums are exact.
  bool (*bytes_are_exact)();
  bool (*has_bf16)();  // whether this processor multiplies bfloat16 itself
};

// Throws Error where the library apart cannot be loaded.
const OnednnProducts& onednn_products();

}  // namespace intact

extern "C" const intact::OnednnProducts intact_onednn_products;
