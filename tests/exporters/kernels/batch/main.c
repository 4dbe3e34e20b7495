/* Runs a batch of blobs (batch_job.h) on the core it was compiled for, with checked kernels. */
#include "../checked_kernels.h"
#include "batch_job.h"
#include "firmware/board.h"
#include "firmware/semihosting.h"

enum { SCRATCH_MEMORY = 1 << 18 };

typedef struct {
  intptr_t batch, result;
  uint8_t* memory; /* what is free */
  size_t bytes;
  const intact_kernel_set* set;
} runner;

static int fail(uint32_t status, const char* text) {
  semihosting_print(text);
  return (int)status;
}

static int write_u32(intptr_t file, uint32_t x) {
  const uint8_t bytes[4] = {(uint8_t)x, (uint8_t)(x >> 8), (uint8_t)(x >> 16), (uint8_t)(x >> 24)};
  return semihosting_write(file, bytes, sizeof bytes);
}

static int read_u32(intptr_t file, uint32_t* x) {
  uint8_t b[4];
  if (!semihosting_read(file, b, sizeof b)) return 0;
  *x = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  return 1;
}

static size_t round_up(size_t bytes) {
  return (bytes + 15u) & ~(size_t)15u;
}

static int run_samples(const runner* r, intact_model* m, uint32_t samples) {
  uint32_t s, i;
  for (s = 0; s < samples; ++s) {
    const intact_tensor input = intact_input(m);
    if (!semihosting_read(r->batch, input.data, input.bytes)) return 0;
    for (i = 0; i < m->node_count; ++i) {
      intact_tensor t;
      if (intact_run_node(m, i) != INTACT_OK || intact_node_output(m, i, &t) != INTACT_OK) return 0;
      if (!semihosting_write(r->result, t.data, t.bytes)) return 0;
    }
  }
  return 1;
}

static int run_blob(const runner* r) {
  uint32_t bytes, samples, offered, i, faults = 0;
  size_t arena_bytes = 0;
  uint8_t *guards, *arena;
  intact_model model;
  intact_status status;
  if (!read_u32(r->batch, &bytes) || !read_u32(r->batch, &samples) || !read_u32(r->batch, &offered)) return 0;
  checked_offer(offered);
  if (bytes > r->bytes || !semihosting_read(r->batch, r->memory, bytes)) return 0;
  status = intact_required_arena(r->memory, bytes, &arena_bytes);
  if (round_up(bytes) + arena_bytes + 2 * CHECKED_GUARD_BYTES > r->bytes) return 0;
  guards = r->memory + round_up(bytes);
  arena = guards + CHECKED_GUARD_BYTES;
  checked_fill(arena, arena_bytes);
  checked_set_guards(guards, arena + arena_bytes);
  if (status == INTACT_OK)
    status = intact_init_with(&model, r->memory, bytes, arena, arena_bytes, INTACT_NO_WORK_LIMIT, r->set);
  if (!write_u32(r->result, (uint32_t)status)) return 0;
  if (status != INTACT_OK) return 0;
  checked_begin();
  if (!run_samples(r, &model, samples)) return 0;
  for (i = 0; i < BATCH_KERNELS; ++i) {
    if (!write_u32(r->result, checked_calls[i])) return 0;
  }
  if (!checked_guards_hold(guards, arena + arena_bytes)) faults |= BATCH_OUTSIDE_ARENA;
  if (checked_scratch_overrun) faults |= BATCH_OUTSIDE_SCRATCH;
  return write_u32(r->result, faults);
}

int main(void) {
  runner r;
  uint32_t blobs, i, linked = 0;
  r.memory = board_memory(&r.bytes);
  if (r.bytes < 2 * SCRATCH_MEMORY) return fail(BATCH_NO_MEMORY, "the machine has too little memory\n");
  r.set = checked_kernels(r.memory, SCRATCH_MEMORY);
  r.memory += SCRATCH_MEMORY;
  r.bytes -= SCRATCH_MEMORY;
  r.batch = semihosting_open(BATCH_FILE, SEMIHOSTING_READ);
  r.result = semihosting_open(BATCH_RESULT_FILE, SEMIHOSTING_WRITE);
  if (r.batch == -1 || r.result == -1) return fail(BATCH_NO_FILE, "cannot open the batch's files\n");
  for (i = 0; i < INTACT_CONV_KERNELS; ++i) linked |= (uint32_t)(r.set->conv[i] != 0) << i;
  if (!read_u32(r.batch, &blobs) || !write_u32(r.result, BATCH_MAGIC) || !write_u32(r.result, linked))
    return fail(BATCH_IO, "cannot read the batch or write\n");
  for (i = 0; i < blobs; ++i) {
    if (!run_blob(&r)) return fail(BATCH_IO, "cannot read, run or write a blob\n");
  }
  if (!write_u32(r.result, BATCH_MAGIC)) return fail(BATCH_IO, "cannot write\n");
  semihosting_close(r.result);
  return 0;
}
