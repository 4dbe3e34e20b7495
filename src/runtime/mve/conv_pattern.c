/* Convolution of 1-bit inputs with weights +-1 by tables of sums: bands of outputs, blocks of channels. */
#include "conv_pattern.h"
#include "../intact_isa.h"

#if INTACT_ISA_MVE

static void count_matches(const intact_pattern* p) {
  uint32_t s;
  for (s = 0; s < p->plan.segments; ++s) {
    const uint32_t from = s * INTACT_PATTERN_SEGMENT, rest = p->plan.padded - from;
    const uint32_t lookups = rest < INTACT_PATTERN_SEGMENT ? rest : INTACT_PATTERN_SEGMENT;
    intact_pattern_job job;
    job.list = p->lists + from;
    job.sixes = lookups / INTACT_PATTERN_UNROLL;
    job.channels = p->count;
    job.counts = p->counts + (size_t)s * p->count * p->count_bytes;
    job.list_step = 4 * (p->plan.padded - lookups);
    if (p->plan.half == 16)
      intact_pattern_one(&job);
    else
      intact_pattern_two(&job);
  }
}

static void run_band(intact_pattern* p, uint32_t y, uint32_t x) {
  const intact_tensor* out = &p->conv->output;
  const uint32_t rows = out->height - y < p->plan.rows ? out->height - y : p->plan.rows;
  const uint32_t width = out->width - x < p->plan.outputs ? out->width - x : p->plan.outputs;
  uint32_t first;
  intact_pattern_fill_tables(p, y, x);
  for (first = 0; first < out->channels; first += p->count) {
    if (p->plan.block < out->channels) {
      p->first = first;
      p->count = out->channels - first < p->plan.block ? out->channels - first : p->plan.block;
      intact_pattern_fill_block(p);
    }
    count_matches(p);
    intact_pattern_store(p, y, rows, x, width);
  }
}

static void run(const intact_conv* c) {
  intact_pattern p;
  uint32_t y, x;
  p.conv = c;
  intact_plan_pattern(c, c->scratch_bytes, &p.plan);
  p.raw = c->scratch + p.plan.raw;
  p.table = c->scratch + p.plan.table;
  p.patterns = c->scratch + p.plan.patterns;
  p.counts = c->scratch + p.plan.counts;
  p.bases = (intact_u32*)(void*)(c->scratch + p.plan.bases);
  p.lists = (intact_u32*)(void*)(c->scratch + p.plan.lists);
  p.betas = (intact_u32*)(void*)(c->scratch + p.plan.betas);
  p.thresholds = c->scratch + p.plan.constants;
  p.flips = p.thresholds + p.plan.block;
  p.planes = c->scratch + p.plan.sums;
  p.sums = (intact_i32*)(void*)(c->scratch + p.plan.sums);
  p.count_bytes = 2 * p.plan.half;
  p.row_counts = p.plan.distance == p.plan.half ? p.plan.pitch : p.plan.half;
  p.filled = c->window.kernel_h * c->window.kernel_w * (4 * p.plan.groups - c->group_in);
  p.sides_filled = 0;
  p.first = 0;
  p.count = c->output.channels;
  intact_pattern_fill_bases(&p);
  if (p.plan.block == p.count) intact_pattern_fill_block(&p);
  for (y = 0; y < c->output.height; y += p.plan.rows) {
    for (x = 0; x < c->output.width; x += p.plan.outputs) run_band(&p, y, x);
  }
}

const intact_conv_kernel intact_conv_pattern = {intact_conv_pattern_scratch, run};

#endif
