#include "../intact_depthwise_plain.h"

#if !INTACT_ISA_ARMV6M

#if !INTACT_DEPTHWISE_PLAIN_3X3

/* Each word that is loaded serves
 * up to three sums. */
void intact_depthwise_plain_sweep_3x3(const intact_depthwise_plain_job* job) {
  const intact_depthwise_plain_tap* const t = job->taps;
  const uint32_t w0 = t[0].weight, w1 = t[1].weight, w2 = t[2].weight;
  const uint32_t w3 = t[3].weight, w4 = t[4].weight, w5 = t[5].weight;
  const uint32_t w6 = t[6].weight, w7 = t[7].weight, w8 = t[8].weight;
  const uint32_t second = t[3].offset / 4, third = t[6].offset / 4, start = job->start;
  const intact_plain_word* row = job->words;
  intact_plain_word* line = job->sums;
  uint32_t y;
  for (y = 0; y < job->rows; ++y, row += job->words_step / 4, line += job->sums_step / 4) {
    const intact_plain_word *x = row, *const end = row + 4 * job->quads;
    intact_plain_word* sums = line;
    for (; x != end; x += 4, sums += 4) {
      const intact_plain_word* z = x;
      uint32_t a = start, b = start, d = start, e = start;
#define ADD_ROW(left, middle, right)                     \
  a += z[0] * (left) + z[1] * (middle) + z[2] * (right); \
  b += z[1] * (left) + z[2] * (middle) + z[3] * (right); \
  d += z[2] * (left) + z[3] * (middle) + z[4] * (right); \
  e += z[3] * (left) + z[4] * (middle) + z[5] * (right)
      ADD_ROW(w0, w1, w2);
      z = x + second;
      ADD_ROW(w3, w4, w5);
      z = x + third;
      ADD_ROW(w6, w7, w8);
#undef ADD_ROW
      sums[0] = a;
      sums[1] = b;
      sums[2] = d;
      sums[3] = e;
    }
  }
}

#endif

static void sweep_any(const intact_depthwise_plain_job* job) {
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

void intact_depthwise_plain_sweep(const intact_depthwise_plain_job* job) {
  const intact_depthwise_plain_tap* const t = job->taps;
  /* Neighbours along the row and, as always, kernel rows at equal distances. */
  if (job->kernel_h == 3 && job->end - t == 9 && t[1].offset == 4) {
    intact_depthwise_plain_sweep_3x3(job);
  } else {
    sweep_any(job);
  }
}

#endif
