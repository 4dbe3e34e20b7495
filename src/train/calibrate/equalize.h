// Cross-layer equalization (Nagel et al. 2019, arXiv 1906.04721, section 4.1). A rectifier passes a positive
// factor, f(x / s) = f(x) / s, so a channel between two convolutions can be divided by s in the first and
// multiplied by it in the second, and the float network stays the same.
#pragma once

#include <string>
#include <vector>

#include "nn/network.h"

namespace intact {

struct EqualizedPair {
  std::string first, second;
};

// Channel i of each pair gets s_i = sqrt(r1_i / r2_i) (equation 11), which makes both its ranges
// sqrt(r1_i r2_i): r1_i = max|w| of the first layer's filter i times batch norm's |gamma / sigma|, r2_i =
// max|w| of the second layer over what reads channel i (equation 9, of the ranges that maximize the channels'
// precision, equation 10). Chains of pairs are gone over until nothing moves any more.
//
// s goes into gamma and beta where the first layer has batch norm, so that its own weights stay as they are,
// else into its weights and bias. A pair is a convolution without residual, with a rectifier without ceiling
// or none, whose output goes, through pooling perhaps, to one other convolution and nowhere else. Channels
// with a range of 0 stay.
std::vector<EqualizedPair> equalize(Network& network);

}  // namespace intact
