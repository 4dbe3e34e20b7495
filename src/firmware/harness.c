/* Runs a job (job.h) on the core it was compiled for. */
#include "board.h"
#include "job.h"
#include "runtime/intact.h"
#include "semihosting.h"

typedef struct {
  intptr_t job, result;
  uint32_t samples, flags;
} harness;

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

static int write_output(const harness* h, const intact_model* m, const intact_step* step) {
  const intact_tensor rows = intact_step_output(m, step);
  return rows.bytes == 0 || semihosting_write(h->result, rows.data, rows.bytes);
}

static int run_sample(const harness* h, intact_model* m) {
  intact_step step;
  int more;
  for (more = intact_first_step(m, &step); more; more = intact_next_step(m, &step)) {
    intact_run_step(m, &step);
    if (((h->flags & JOB_EVERY_NODE) || step.node + 1 == m->node_count) && !write_output(h, m, &step))
      return 0;
  }
  return 1;
}

static int write_u64(intptr_t file, uint64_t x) {
  return write_u32(file, (uint32_t)x) && write_u32(file, (uint32_t)(x >> 32));
}

static void copy_bytes(uint8_t* to, const uint8_t* from, uint32_t bytes) {
  uint32_t i;
  for (i = 0; i < bytes; ++i) to[i] = from[i];
}

/* Instructions between two instants, without those of taking them. */
static uint64_t instructions(const board_instant* begin, const board_instant* end) {
  board_instant a, b;
  board_now(&a);
  board_now(&b);
  return board_instructions_between(begin, end) - board_instructions_between(&a, &b);
}

static uint64_t count_run(intact_model* m) {
  board_instant begin, end;
  board_now(&begin);
  intact_run(m);
  board_now(&end);
  return instructions(&begin, &end);
}

static uint64_t count_step(intact_model* m, const intact_step* step) {
  board_instant begin, end;
  board_now(&begin);
  intact_run_step(m, step);
  board_now(&end);
  return instructions(&begin, &end);
}

/* Writes the counts of runs on the input in the arena and leaves it there: its memory may be reused in a run,
 * `copy` keeps it. */
static int count_instructions(const harness* h, intact_model* m, uint8_t* copy) {
  const intact_tensor input = intact_input(m);
  intact_step step;
  int more;
  copy_bytes(copy, input.data, input.bytes);
  if (!write_u64(h->result, h->flags & JOB_COUNT ? count_run(m) : 0)) return 0;
  copy_bytes(input.data, copy, input.bytes);
  if (!(h->flags & JOB_COUNT_STEPS)) return 1;
  for (more = intact_first_step(m, &step); more; more = intact_next_step(m, &step)) {
    if (!write_u64(h->result, count_step(m, &step))) return 0;
  }
  copy_bytes(input.data, copy, input.bytes);
  return 1;
}

static int run_samples(const harness* h, intact_model* m, uint8_t* copy) {
  const intact_tensor input = intact_input(m);
  uint32_t s;
  for (s = 0; s < h->samples; ++s) {
    if (!semihosting_read(h->job, input.data, input.bytes)) return 0;
    if (s == 0 && !count_instructions(h, m, copy)) return 0;
    if (!run_sample(h, m)) return 0;
  }
  return h->samples != 0 || write_u64(h->result, 0);
}

static int finish(const harness* h, intact_model* m, const uint8_t* blob, size_t len) {
  intact_mismatch first = {0, 0};
  const intact_status crc = intact_check_crc(blob, len);
  const intact_status tested = h->flags & JOB_SELFTEST ? intact_selftest(m, &first) : INTACT_E_GOLDEN;
  return write_u32(h->result, (uint32_t)crc) && write_u32(h->result, (uint32_t)tested) &&
         write_u32(h->result, first.vector) && write_u32(h->result, first.node) &&
         write_u32(h->result, JOB_MAGIC);
}

static size_t round_up(size_t bytes) {
  return (bytes + 15u) & ~(size_t)15u;
}

int main(void) {
  size_t memory_bytes, arena_bytes = 0, length;
  uint8_t *memory = board_memory(&memory_bytes), *arena;
  const intptr_t blob_file = semihosting_open(JOB_BLOB_FILE, SEMIHOSTING_READ);
  intptr_t blob_length;
  intact_model model;
  intact_status status;
  harness h;
  h.job = semihosting_open(JOB_FILE, SEMIHOSTING_READ);
  h.result = semihosting_open(JOB_RESULT_FILE, SEMIHOSTING_WRITE);
  if (blob_file == -1 || h.job == -1 || h.result == -1)
    return fail(JOB_NO_FILE, "cannot open the job's files\n");
  if (!read_u32(h.job, &h.samples) || !read_u32(h.job, &h.flags))
    return fail(JOB_IO, "cannot read the job\n");
  blob_length = semihosting_length(blob_file);
  if (blob_length < 0) return fail(JOB_IO, "cannot read the blob\n");
  length = (size_t)blob_length;
  if (length > memory_bytes - 16)
    return fail(JOB_NO_MEMORY, "the blob is larger than the machine's memory\n");
  if (!semihosting_read(blob_file, memory, length)) return fail(JOB_IO, "cannot read the blob\n");
  semihosting_close(blob_file);
  arena = memory + round_up(length);
  memory_bytes -= round_up(length);

  status = intact_required_arena(memory, length, &arena_bytes);
  /* Behind the arena: the copy of the input, which is part of the arena and so not larger. */
  if (status == INTACT_OK && arena_bytes > memory_bytes / 2)
    return fail(JOB_NO_MEMORY, "the arena is larger than the machine's memory\n");
  if (status == INTACT_OK)
    status = intact_init(&model, memory, length, arena, arena_bytes, INTACT_NO_WORK_LIMIT);
  if (!write_u32(h.result, JOB_MAGIC) || !write_u32(h.result, (uint32_t)status))
    return fail(JOB_IO, "cannot write\n");
  if (status != INTACT_OK) return fail(JOB_REFUSED, intact_status_name(status));
  if (!run_samples(&h, &model, arena + arena_bytes) || !finish(&h, &model, memory, length))
    return fail(JOB_IO, "cannot read the inputs or write the results\n");
  semihosting_close(h.result);
  return 0;
}
