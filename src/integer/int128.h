// 128-bit integers (an extension of gcc and clang) for proofs and for the oracle's floor divisions.
#pragma once

namespace intact {

__extension__ typedef __int128 Int128;

// floor(a / b) for b > 0.
template <typename T>
constexpr T floor_div(T a, T b) {
  const T quotient = a / b;  // towards zero
  return (a % b < 0) ? quotient - 1 : quotient;
}

}  // namespace intact
