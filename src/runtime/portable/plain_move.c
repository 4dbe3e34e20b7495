#include "../intact_plain.h"

#if !INTACT_ISA_ARMV6M

void intact_plain_move(intact_plain_word* to, const intact_plain_word* from, uint32_t count) {
  const intact_plain_word* const end = from + count;
  for (; from != end; from += 4, to += 4) {
    const uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
  }
}

#endif
