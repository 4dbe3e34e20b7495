/* Any window: a channel's weights walk along its plane, two taps a product. */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* Adds a run of `count` products to the sums of two outputs. */
static inline void add_run(const intact_depthwise16_word* a, const intact_depthwise16_word* b,
                           const intact_depthwise16_word* w, uint32_t count, uint32_t acc[2]) {
  uint32_t s = acc[0], t = acc[1];
  const intact_depthwise16_word* const end = w + count;
  if (count & 1u) {
    s = intact_smlad(*a++, *w, s);
    t = intact_smlad(*b++, *w++, t);
  }
  while (w != end) {
    s = intact_smlad(a[0], w[0], s);
    t = intact_smlad(b[0], w[0], t);
    s = intact_smlad(a[1], w[1], s);
    t = intact_smlad(b[1], w[1], t);
    a += 2;
    b += 2;
    w += 2;
  }
  acc[0] = s;
  acc[1] = t;
}

static inline void sum_channel(const intact_depthwise16_taps* t, const intact_depthwise16_word* plane,
                               const intact_depthwise16_word* weights, uint32_t start,
                               intact_depthwise16_word* acc) {
  /* Without dilation the columns of a window lie together. */
  const uint32_t together = t->next == t->pairs;
  const uint32_t runs = together ? 1 : t->columns, count = together ? t->pairs * t->columns : t->pairs;
  uint32_t x, i;
  for (x = 0; x < t->outputs; x += 2) {
    const uint32_t second = x + 1 < t->outputs ? t->step : 0;
    const intact_depthwise16_word* a = plane;
    const intact_depthwise16_word* w = weights;
    uint32_t sums[2] = {start, start};
    for (i = 0; i < runs; ++i, a += t->next, w += count) add_run(a, a + second, w, count, sums);
    acc[0] = sums[0];
    if (second) acc[t->channels] = sums[1];
    acc += 2 * t->channels;
    plane += 2 * t->step;
  }
}

void intact_depthwise16_sum_taps(const intact_depthwise16_taps* t) {
  const uint32_t taps = t->pairs * t->columns;
  uint32_t c;
  for (c = 0; c < t->channels; ++c)
    sum_channel(t, t->planes + (size_t)c * t->plane, t->weights + (size_t)c * taps,
                t->constants[c * INTACT_DEPTHWISE16_CONSTANTS], t->acc + c);
}

#endif
