#include "direct16_job.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

static intact_word_alias* values_of(const intact_direct16_job* job) {
  return (intact_word_alias*)(void*)job->c->scratch;
}

static const uint8_t* pad_of(const intact_direct16_job* job) {
  return job->c->scratch + job->plan.pad;
}

void intact_direct16_fill_pad(const intact_direct16_job* job) {
  const intact_decoder* d = &job->c->decode_input;
  const uint32_t mask = (1u << d->storage) - 1u;
  const uint32_t code = ((uint32_t)(job->c->pad_value - d->offset) >> d->shift ^ d->flip) & mask;
  uint8_t* to = job->c->scratch + job->plan.pad;
  uint32_t i;
  for (i = job->plan.weights - job->plan.pad; i > 0; i -= 4, to += 4)
    intact_store_word(to, code * (0xffffffffu / mask));
}

/* The group's channels of input row y in column 0; null outside the image. */
static const uint8_t* line_of(const intact_direct16_job* job, uint32_t y) {
  const intact_conv* c = job->c;
  if (y >= c->input.height) return 0;
  return c->input.data + (size_t)y * c->input.width * c->input.pixel_bytes +
         job->group * c->group_in * c->input.storage_bits / 8;
}

/* Those of column x of a line. */
static const uint8_t* column_of(const intact_direct16_job* job, const uint8_t* line, uint32_t x) {
  return line && x < job->c->input.width ? line + (size_t)x * job->c->input.pixel_bytes : pad_of(job);
}

/* Columns 2 j and 2 j + 1 of a strip are needed by pair j as its first two and by pair j - 1 as its last two.
 */
void intact_direct16_expand_row(const intact_direct16_job* job, uint32_t row, uint32_t x, uint32_t pairs,
                                uint32_t slot) {
  const intact_conv* c = job->c;
  const uint32_t tap = job->plan.tap_words, pair_words = job->plan.slots * tap * 4;
  const uint32_t step = c->input.pixel_bytes, width = c->input.width;
  /* Beyond every height and width where negative. */
  const uint8_t* line = line_of(job, row - c->window.pad_top);
  const uint32_t origin = x - c->window.pad_left;
  intact_word_alias* const values = values_of(job) + (size_t)slot * tap * 4;
  intact_pair_runs runs;
  uint32_t j;
  runs.first = 0;
  runs.count = c->group_in;
  runs.to_step = (ptrdiff_t)pair_words;
  for (j = 0; j <= pairs; j += runs.times) {
    const uint32_t column = origin + 2 * j, inner = j > 0 && j < pairs;
    runs.from[0] = column_of(job, line, column);
    runs.from[1] = column_of(job, line, column + 1);
    runs.from_step = 0;
    runs.times = 1;
    if (inner && !line) {
      runs.times = pairs - j;
    } else if (inner && column < width && width - column >= 2) {
      runs.times = (width - column) / 2 < pairs - j ? (width - column) / 2 : pairs - j;
      runs.from_step = 2 * (ptrdiff_t)step;
    }
    runs.to = j == 0 ? values : values + (size_t)(j - 1) * pair_words + 2;
    intact_expand_by4(&job->inputs, &runs, inner ? (ptrdiff_t)pair_words - 2 : 0);
  }
}

/* LDM and STM of eight words, which gcc makes of no loop. Downwards, so that the two may overlap. */
static void move_down(intact_word_alias* to, const intact_word_alias* from, uint32_t words) {
  for (; words % 8 != 0; --words) *to++ = *from++;
  words /= 8;
  if (words == 0) return;
  __asm__ volatile(
      "1:\n"
      "ldmia %1!, {r4, r5, r6, r8, r9, r10, r12, lr}\n"
      "stmia %0!, {r4, r5, r6, r8, r9, r10, r12, lr}\n"
      "subs %2, %2, #1\n"
      "bne 1b\n"
      : "+l"(to), "+l"(from), "+l"(words)
      :
      : "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc", "memory");
}

void intact_direct16_move_rows(const intact_direct16_job* job, uint32_t from, uint32_t rows, uint32_t pairs) {
  const uint32_t slot = job->plan.tap_words * 4, pair_words = job->plan.slots * slot;
  intact_word_alias* to = values_of(job);
  for (; pairs > 0; --pairs, to += pair_words) move_down(to, to + (size_t)from * slot, rows * slot);
}

/* Pixels whose windows' columns all lie in the image, `pairs` pairs of them from (y, x) on in one row. */
static void gather_inner(const intact_direct16_job* job, uint32_t y, uint32_t x, uint32_t pairs,
                         intact_word_alias* to) {
  const intact_conv* c = job->c;
  const intact_window* w = &c->window;
  const uint32_t step = c->input.pixel_bytes, tap = job->plan.tap_words;
  const uint32_t column = x * w->stride_w - w->pad_left;
  /* Neighbouring columns of a window make one run of codes. */
  const uint32_t joined = w->dilation_w == 1 && c->groups == 1 && c->group_in % 2 == 0 &&
                          c->group_in * c->input.storage_bits == step * 8;
  intact_pair_runs runs;
  uint32_t ky, kx;
  runs.first = 0;
  runs.to_step = (ptrdiff_t)job->plan.steps * 4;
  runs.times = pairs;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    const uint8_t* line = line_of(job, y * w->stride_h - w->pad_top + ky * w->dilation_h);
    const uint32_t together = line && joined ? w->kernel_w : 1;
    const ptrdiff_t beside = line ? (ptrdiff_t)(w->stride_w * step) : 0;
    runs.count = together * c->group_in;
    runs.from_step = 2 * beside;
    for (kx = 0; kx < w->kernel_w; kx += together) {
      runs.from[0] = column_of(job, line, column + kx * w->dilation_w);
      runs.from[1] = runs.from[0] + beside;
      runs.to = to + (size_t)(ky * w->kernel_w + kx) * tap * 2;
      intact_expand_by2(&job->inputs, &runs);
    }
  }
}

/* Any two pixels (y[i], x[i]). */
static void gather_pair(const intact_direct16_job* job, const uint32_t y[2], const uint32_t x[2],
                        intact_word_alias* to) {
  const intact_conv* c = job->c;
  const intact_window* w = &c->window;
  intact_pair_runs runs;
  uint32_t ky, kx, i;
  runs.from_step = runs.to_step = 0;
  runs.first = 0;
  runs.count = c->group_in;
  runs.times = 1;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    const uint8_t* lines[2];
    for (i = 0; i < 2; ++i) lines[i] = line_of(job, y[i] * w->stride_h - w->pad_top + ky * w->dilation_h);
    for (kx = 0; kx < w->kernel_w; ++kx) {
      for (i = 0; i < 2; ++i)
        runs.from[i] = column_of(job, lines[i], x[i] * w->stride_w - w->pad_left + kx * w->dilation_w);
      runs.to = to + (size_t)(ky * w->kernel_w + kx) * job->plan.tap_words * 2;
      intact_expand_by2(&job->inputs, &runs);
    }
  }
}

/* Pairs from output column x on within one row whose windows' columns all lie in the image. */
static uint32_t inner_pairs(const intact_conv* c, uint32_t x) {
  const intact_window* w = &c->window;
  const uint32_t span = (w->kernel_w - 1) * w->dilation_w, width = c->input.width + w->pad_left;
  uint32_t end; /* column behind the last such one */
  if (x * w->stride_w < w->pad_left || width <= span) return 0;
  end = (width - span - 1) / w->stride_w + 1;
  if (end > c->output.width) end = c->output.width;
  return x < end ? (end - x) / 2 : 0;
}

void intact_direct16_gather(const intact_direct16_job* job, uint32_t y, uint32_t x, uint32_t pixels) {
  const uint32_t width = job->c->output.width;
  intact_word_alias* to = values_of(job);
  while (pixels > 0) {
    uint32_t pairs = inner_pairs(job->c, x);
    if (pairs > pixels / 2) pairs = pixels / 2;
    if (pairs > 0) {
      gather_inner(job, y, x, pairs, to);
    } else {
      uint32_t ys[2], xs[2];
      ys[0] = ys[1] = y;
      xs[0] = xs[1] = x;
      if (pixels > 1) {
        xs[1] = x + 1 < width ? x + 1 : 0;
        ys[1] = x + 1 < width ? y : y + 1;
      }
      gather_pair(job, ys, xs, to);
      pairs = 1;
    }
    to += (size_t)pairs * job->plan.steps * 4;
    pixels -= pixels > 2 * pairs ? 2 * pairs : pixels;
    for (x += 2 * pairs; x >= width; x -= width) ++y;
  }
}

#endif
