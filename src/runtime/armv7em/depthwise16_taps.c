/* Any window: a channel's weights walk along its plane, two taps a product. */
#include "depthwise16.h"
#include "dsp_instructions.h"

#if INTACT_ISA_ARMV7EM

/* Adds a run of `count` products, at least 1, to the sums of two outputs. In C the compiler counts in words
 * of each operand and spills. */
static inline void add_run(const intact_depthwise16_word* a, const intact_depthwise16_word* b,
                           const intact_depthwise16_word* w, uint32_t count, uint32_t acc[2]) {
  uint32_t s = acc[0], t = acc[1];
  const intact_depthwise16_word* const end = w + count;
  if (count & 1u) {
    s = intact_smlad(*a++, *w, s);
    t = intact_smlad(*b++, *w++, t);
  }
  if (w != end) {
    uint32_t w0, w1, x0, x1;
    __asm__ volatile(
        "1:\n\t"
        "ldrd %[w0], %[w1], [%[w]], #8\n\t"
        "ldrd %[x0], %[x1], [%[a]], #8\n\t"
        "smlad %[s], %[x0], %[w0], %[s]\n\t"
        "smlad %[s], %[x1], %[w1], %[s]\n\t"
        "ldrd %[x0], %[x1], [%[b]], #8\n\t"
        "cmp %[w], %[end]\n\t"
        "smlad %[t], %[x0], %[w0], %[t]\n\t"
        "smlad %[t], %[x1], %[w1], %[t]\n\t"
        "bne 1b"
        : [a] "+r"(a), [b] "+r"(b), [w] "+r"(w), [s] "+r"(s), [t] "+r"(t), [w0] "=&r"(w0), [w1] "=&r"(w1),
          [x0] "=&r"(x0), [x1] "=&r"(x1)
        : [end] "r"(end)
        : "cc", "memory");
  }
  acc[0] = s;
  acc[1] = t;
}

/* A channel's weights: `runs` of `count` words; runs begin `next` words apart in the plane. */
static void sum_channel(const intact_depthwise16_taps* taps, const intact_depthwise16_word* plane,
                        const intact_depthwise16_word* weights, uint32_t start,
                        intact_depthwise16_word* acc) {
  /* Without dilation the columns of a window lie together. */
  const uint32_t together = taps->next == taps->pairs;
  const uint32_t runs = together ? 1 : taps->columns;
  const uint32_t count = together ? taps->pairs * taps->columns : taps->pairs;
  const uint32_t next = taps->next, step = taps->step, channels = taps->channels;
  uint32_t left, i;
  for (left = taps->outputs; left > 0; left -= left > 1 ? 2 : 1) {
    const uint32_t second = left > 1 ? step : 0; /* a last one alone is computed twice */
    const intact_depthwise16_word* a = plane;
    const intact_depthwise16_word* w = weights;
    uint32_t sums[2] = {start, start};
    for (i = runs; i > 0; --i, a += next, w += count) add_run(a, a + second, w, count, sums);
    acc[0] = sums[0];
    if (second) acc[channels] = sums[1];
    acc += 2 * channels;
    plane += 2 * step;
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
