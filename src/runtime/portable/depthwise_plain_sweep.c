#include "../intact_depthwise_plain.h"

#if !INTACT_ISA_ARMV6M

void intact_depthwise_plain_sweep(const intact_depthwise_plain_job* job) {
  const intact_depthwise_plain_tap *const taps = job->taps, *const end = job->end, *t;
  const intact_plain_word* row = job->words;
  intact_plain_word* line = job->sums;
  uint32_t y, quads;
  for (y = 0; y < job->rows; ++y, row += job->words_step / 4, line += job->sums_step / 4) {
    const intact_plain_word* words = row;
    intact_plain_word* sums = line;
    for (quads = job->quads; quads; --quads, words += 4, sums += 4) {
      uint32_t a = job->start, b = a, d = a, e = a;
      for (t = taps; t != end; ++t) {
        const intact_plain_word* x = words + t->offset / 4;
        const uint32_t w = t->weight;
        a += x[0] * w;
        b += x[1] * w;
        d += x[2] * w;
        e += x[3] * w;
      }
      sums[0] = a;
      sums[1] = b;
      sums[2] = d;
      sums[3] = e;
    }
  }
}

#endif
