/* TABLE_PLAIN: intact_table_plain.h. */
#include "../intact_table_plain.h"

/* The indices of the rows under the kernel's rows first .. last for output row y, each at its kernel row's
 * place; held: which input row lies there. */
static void load_lines(const intact_conv* c, const intact_table_plan* p, uint32_t y, uint32_t first,
                       uint32_t last, uint32_t* held) {
  uint8_t* const lines = c->scratch + p->at_lines;
  uint32_t ky, from, i;
  for (ky = first; ky <= last; ++ky) {
    const uint32_t row = y * c->window.stride_h + ky * c->window.dilation_h;
    intact_plain_word* const to = (intact_plain_word*)(void*)(lines + (size_t)ky * p->line);
    for (from = ky; from <= last && held[from] != row;) ++from;
    if (from > last) {
      intact_table_line(c, p, row, (uint8_t*)to);
    } else if (from > ky) {
      const intact_plain_word* const source =
          (const intact_plain_word*)(const void*)(lines + (size_t)from * p->line);
      for (i = 0; i < p->line / 4; ++i) to[i] = source[i];
    }
    held[ky] = row;
  }
}

static void run_chunk(const intact_conv* c, const intact_table_plan* p, intact_table_block* block,
                      uint32_t first, uint32_t count) {
  const uint32_t row_units = c->window.kernel_w * p->units_tap, width = c->output.width;
  const uint32_t first_row = first / row_units, last_row = (first + count - 1) / row_units;
  const uint32_t last = first + count == p->units;
  uint32_t held[INTACT_TABLE_KERNEL_H], y;
  intact_table_job job;
  intact_table_build(c, p, block, first, count);
  if (last) intact_table_prepare(c, p, block);
  for (y = first_row; y <= last_row; ++y) held[y] = UINT32_MAX; /* no row */
  job.program = (const intact_table_step*)(const void*)(c->scratch + p->at_program);
  job.window = c->scratch + p->at_lines;
  job.step = c->window.stride_w * p->pixel;
  job.end = job.window + (size_t)width * job.step;
  job.sums = (intact_plain_word*)(void*)(c->scratch + p->at_sums);
  job.tables = c->scratch;
  for (y = 0; y < c->output.height; ++y) {
    load_lines(c, p, y, first_row, last_row, held);
    intact_table_sums(&job);
    if (last) intact_table_finish(c, p, block, job.sums, y);
    if (p->sum_rows > 1) job.sums += (size_t)width * INTACT_TABLE_SUM_WORDS;
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
    for (o = 0; o < INTACT_TABLE_OUTS; ++o) block.positive[o] = block.negative[o] = 0;
    for (unit = 0; unit < plan.units; unit += count) {
      count = plan.units - unit < plan.chunk ? plan.units - unit : plan.chunk;
      run_chunk(c, &plan, &block, unit, count);
    }
  }
}

const intact_conv_kernel intact_conv_table_plain = {intact_conv_table_plain_scratch, run};
