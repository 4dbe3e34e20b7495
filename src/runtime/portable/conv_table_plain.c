/* TABLE_PLAIN: intact_table_plain.h. */
#include "../intact_table_plain.h"

/* The lines of indices: which input row each holds, and which of them lies under each kernel row. */
typedef struct ring {
  uint32_t held[INTACT_TABLE_KERNEL_H], under[INTACT_TABLE_KERNEL_H];
} ring;

enum { NO_LINE = INTACT_TABLE_KERNEL_H };

/* The indices of the rows under the kernel's rows first .. last for output row y, in any of those lines; the
 * program of the steps `unit` .. unit + count - 1 goes where they lie. */
static void load_lines(const intact_conv* c, const intact_table_plan* p, ring* lines, uint32_t y,
                       uint32_t first, uint32_t last, uint32_t unit, uint32_t count) {
  uint32_t moves[INTACT_TABLE_KERNEL_H], lie[INTACT_TABLE_KERNEL_H], used = 0, moved = 0, ky, i;
  const uint32_t top = y * c->window.stride_h;
  for (ky = first; ky <= last; ++ky) {
    lie[ky] = NO_LINE;
    for (i = first; i <= last; ++i) {
      if (lines->held[i] == top + ky * c->window.dilation_h) lie[ky] = i;
    }
    if (lie[ky] != NO_LINE) used |= 1u << lie[ky];
  }
  for (ky = first, i = first; ky <= last; ++ky) {
    if (lie[ky] == NO_LINE) {
      while (used >> i & 1u) ++i;
      used |= 1u << i;
      lie[ky] = i;
      lines->held[i] = top + ky * c->window.dilation_h;
      intact_table_line(c, p, lines->held[i], c->scratch + p->at_lines + (size_t)i * p->line);
    }
    moves[ky] = (lie[ky] - lines->under[ky]) * p->line;
    moved |= moves[ky];
    lines->under[ky] = lie[ky];
  }
  if (moved) intact_table_aim(c, p, unit, count, moves);
}

static void run_chunk(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                      uint32_t first, uint32_t count) {
  const uint32_t row_units = c->window.kernel_w * p->units_tap, width = c->output.width;
  const uint32_t first_row = first / row_units, last_row = (first + count - 1) / row_units;
  const uint32_t last = first + count == p->units, row_bytes = width * c->output.pixel_bytes;
  const uint32_t sum_bytes = INTACT_TABLE_SUM_WORDS * 4;
  static const intact_table_bits none = {{0, 0, 0, 0}, 0, 0};
  ring lines;
  intact_table_job job;
  uint32_t y;
  intact_table_build(c, p, block, first, count);
  if (last) intact_table_prepare(c, p, block);
  intact_table_program(c, p, block, first, count);
  for (y = first_row; y <= last_row; ++y) {
    lines.held[y] = UINT32_MAX; /* no row */
    lines.under[y] = 0;
  }
  job.program = (const intact_table_step*)(const void*)(c->scratch + p->at_program);
  job.window = c->scratch + p->at_lines;
  job.step = c->window.stride_w * p->pixel;
  job.end = job.window + (size_t)width * job.step;
  job.tables = c->scratch;
  job.to = c->scratch + p->at_sums;
  job.to_step = sum_bytes;
  job.bits = none;
  if (block->by_bits) {
    job.to = c->output.data + block->first / 32 * 4;
    job.to_step = c->output.pixel_bytes;
    job.bits = block->bits;
  }
  for (y = 0; y < c->output.height; ++y) {
    load_lines(c, p, &lines, y, first_row, last_row, first, count);
    intact_table_sums(&job);
    if (block->by_bits) {
      job.to += row_bytes;
      continue;
    }
    if (last) intact_table_finish(c, p, block, (const intact_plain_word*)(const void*)job.to, y);
    if (p->sum_rows > 1) job.to += (size_t)width * sum_bytes;
  }
}

static void run(const intact_conv* c) {
  intact_table_plan plan;
  intact_table_block block;
  uint32_t o, unit, count;
  if (!intact_table_find(c, c->scratch_bytes, &plan)) return;
  intact_plain_padding(c, c->scratch + plan.at_padding);
  for (block.first = 0; block.first < c->output.channels; block.first += INTACT_TABLE_OUTS) {
    const uint32_t left = c->output.channels - block.first;
    block.outs = left < INTACT_TABLE_OUTS ? left : (uint32_t)INTACT_TABLE_OUTS;
    block.spills = block.by_bits = 0;
    for (o = 0; o < INTACT_TABLE_OUTS; ++o) block.positive[o] = block.negative[o] = 0;
    for (unit = 0; unit < plan.units; unit += count) {
      count = plan.units - unit < plan.chunk ? plan.units - unit : plan.chunk;
      run_chunk(c, &plan, &block, unit, count);
    }
  }
}

const intact_conv_kernel intact_conv_table_plain = {intact_conv_table_plain_scratch, run};
