/* Convolution by products of pairs of halfwords (SMLAD). A block of output channels' weights is expanded into
 * scratch memory, then all pixels go through it, their values expanded along the way (direct16_plan.h).
 */
#include "direct16_job.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7EM

static intact_decoder weight_decoder(const intact_conv* c) {
  return intact_make_decoder(c->weight_kind, c->weight_storage, 0);
}

static intact_direct16_job start(const intact_conv* c) {
  const intact_decoder weights = weight_decoder(c);
  const uint32_t order = intact_best_order(c->input.storage_bits, c->group_in);
  intact_direct16_job job;
  job.c = c;
  intact_direct16_make_plan(c, c->scratch_bytes, &job.plan);
  job.inputs = intact_make_pairs(&c->decode_input, job.plan.input_shift, order);
  job.weights = intact_make_pairs(&weights, job.plan.weight_shift, order);
  job.requantizer = intact_make_requantizer(c, job.plan.rest);
  job.group = job.first = job.channels = 0;
  return job;
}

static void sweep_patches(const intact_direct16_job* job) {
  const intact_conv* c = job->c;
  const uint32_t all = c->output.height * c->output.width;
  uint32_t pixel, y = 0, x = 0;
  for (pixel = 0; pixel < all;) {
    const uint32_t left = all - pixel, most = 2 * job->plan.batch;
    const uint32_t now = left < most ? left : most;
    intact_direct16_gather(job, y, x, now);
    intact_direct16_compute(job, 0, pixel, now);
    pixel += now;
    for (x += now; x >= c->output.width; x -= c->output.width) ++y;
  }
}

/* Output columns x and on, `pairs` pairs. */
static void sweep_strip(const intact_direct16_job* job, uint32_t x, uint32_t pairs) {
  const intact_conv* c = job->c;
  const uint32_t left = c->output.width - x, now = left < 2 * pairs ? left : 2 * pairs;
  uint32_t low = 0, high = 0; /* rows in slots, from slot 0 on */
  uint32_t y;
  for (y = 0; y < c->output.height; ++y) {
    const uint32_t first = y * c->window.stride_h, last = first + c->window.kernel_h;
    if (last - low > job->plan.slots) {
      if (high > first)
        intact_direct16_move_rows(job, first - low, high - first, pairs);
      else
        high = first;
      low = first;
    }
    if (high < first) high = first;
    for (; high < last; ++high) intact_direct16_expand_row(job, high, x, pairs, high - low);
    intact_direct16_compute(job, first - low, y * c->output.width + x, now);
  }
}

static void sweep(const intact_direct16_job* job) {
  const intact_conv* c = job->c;
  const uint32_t pairs = (c->output.width + 1) / 2;
  uint32_t pair;
  if (job->plan.form == INTACT_DIRECT16_PATCH) {
    sweep_patches(job);
    return;
  }
  for (pair = 0; pair < pairs; pair += job->plan.strip) {
    const uint32_t left = pairs - pair;
    sweep_strip(job, 2 * pair, left < job->plan.strip ? left : job->plan.strip);
  }
}

static void run(const intact_conv* c) {
  intact_direct16_job job = start(c);
  if (job.plan.form == INTACT_DIRECT16_VECTOR) {
    intact_direct16_vector(&job);
    return;
  }
  intact_direct16_fill_pad(&job);
  for (job.group = 0; job.group < c->groups; ++job.group) {
    for (job.first = 0; job.first < c->group_out; job.first += job.plan.block) {
      const uint32_t left = c->group_out - job.first;
      job.channels = left < job.plan.block ? left : job.plan.block;
      intact_direct16_expand_weights(&job);
      sweep(&job);
    }
  }
}

const intact_conv_kernel intact_conv_direct16 = {intact_conv_direct16_scratch, run};

#endif
