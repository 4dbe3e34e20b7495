/* VECTOR_PLAIN: intact_vector_plain.h. */
#include "../intact_vector_plain.h"

/* Values of group `g` in the window of output (y, x), in the order of the tap index. */
static void expand_window(const intact_conv* c, uint32_t y, uint32_t x, uint32_t g, intact_i16* to) {
  const intact_window* w = &c->window;
  uint32_t ky, kx, i;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    for (kx = 0; kx < w->kernel_w; ++kx, to += c->group_in) {
      /* Negative positions become large. */
      const uint32_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_top;
      const uint32_t ix = x * w->stride_w + kx * w->dilation_w - w->pad_left;
      if (iy < c->input.height && ix < c->input.width) {
        intact_expand(&c->decode_input,
                      c->input.data + ((size_t)iy * c->input.width + ix) * c->input.pixel_bytes,
                      g * c->group_in, c->group_in, to);
      } else {
        for (i = 0; i < c->group_in; ++i) to[i] = (intact_i16)c->pad_value;
      }
    }
  }
}

static inline uint32_t value(const intact_i16* values, uint32_t i) {
  return (uint32_t)(int32_t)values[i];
}

/* Words of values for words of weights: field f of product j of a word meets code j + (terms - 1 - f) codes
 * of a field. values: zeros behind the last tap, up to a whole word. Returns the sum of all. */
static uint32_t arrange(const intact_conv* c, const intact_vector_plain_plan* p, const intact_i16* values,
                        intact_plain_word* to) {
  const uint32_t per_word = 32 / c->weight_storage, step = per_word / p->terms;
  const intact_i16* const end = values + p->words * per_word;
  uint32_t sum = 0, j;
  if (p->terms == 2) {
    for (; values != end; values += per_word) {
      for (j = 0; j < step; ++j) {
        const uint32_t high = value(values, j), low = value(values, j + step);
        *to++ = (high << 16) + low;
        sum += high + low;
      }
    }
  } else {
    for (; values != end; values += per_word) {
      for (j = 0; j < step; ++j) {
        const uint32_t a = value(values, j), b = value(values, j + step);
        const uint32_t d = value(values, j + 2 * step), e = value(values, j + 3 * step);
        *to++ = (((((a << 8) + b) << 8) + d) << 8) + e;
        sum += a + b + d + e;
      }
    }
  }
  return sum;
}

/* A row of weights at a multiple of 4, whole words. */
static const intact_plain_word* row_of(const intact_conv* c, const intact_vector_plain_plan* p, uint32_t o) {
  const uint8_t* const from = c->weights + (size_t)o * c->row_bytes;
  uint8_t* const to = c->scratch + p->at_row;
  uint32_t i;
  if (p->aligned) return (const intact_plain_word*)(const void*)from;
  for (i = 0; i < c->row_bytes; ++i) to[i] = from[i];
  for (; i < 4 * p->words; ++i) to[i] = 0;
  return (const intact_plain_word*)(void*)to;
}

/* Sums of the products of `count` rows from output channel o on. */
static void add_rows(const intact_conv* c, const intact_vector_plain_plan* p, intact_vector_plain_job* job,
                     uint32_t o, uint32_t count) {
  const intact_plain_word* const values = job->values;
  uint32_t left;
  job->rows = row_of(c, p, o);
  job->count = count;
  if (p->length == INTACT_VECTOR_PLAIN_PRODUCT) {
    intact_vector_plain_by_product(job);
  } else if (p->length == INTACT_VECTOR_PLAIN_WORD) {
    intact_vector_plain_by_word(job);
  } else {
    for (left = p->words; left; left -= job->words) {
      job->words = left < p->run ? left : p->run;
      intact_vector_plain_by_words(job);
      job->rows += job->words;
      job->values += job->words * (32 / c->weight_storage / p->terms);
    }
    job->words = p->words;
    job->values = values;
  }
}

/* Output channels o .. o + count - 1 of one group, at most INTACT_VECTOR_PLAIN_ROWS. */
static void add_products(const intact_conv* c, const intact_vector_plain_plan* p,
                         intact_vector_plain_job* job, uint32_t o, uint32_t count, uint32_t start) {
  const uint32_t twice = c->weight_kind == INTACT_KIND_BIPOLAR;
  intact_plain_word* const sums = job->sums;
  uint32_t j;
  for (j = 0; j < count; ++j) sums[j] = 0;
  if (p->aligned) {
    add_rows(c, p, job, o, count);
  } else {
    for (j = 0; j < count; ++j, ++job->sums) add_rows(c, p, job, o + j, 1);
    job->sums = sums;
  }
  for (j = 0; j < count; ++j) sums[j] = (sums[j] << twice) + start;
}

/* The same with 8-bit weights, four rows at a time: the last ones with some before them, or one row in place
 * of all four. */
static void add_bytes(const intact_conv* c, const intact_vector_plain_job* job, uint32_t o, uint32_t count) {
  const uint8_t* rows = c->weights + (size_t)o * c->row_bytes;
  intact_plain_word* sums = job->sums;
  intact_plain_word last[4];
  uint32_t i;
  for (; count >= 4; count -= 4, o += 4, rows += (size_t)4 * c->row_bytes, sums += 4)
    intact_vector_plain_bytes(rows, c->row_bytes, job->values, c->taps, sums);
  if (count && o >= 4) {
    intact_vector_plain_bytes(rows - (size_t)(4 - count) * c->row_bytes, c->row_bytes, job->values, c->taps,
                              last);
    for (i = 0; i < count; ++i) sums[i] = last[4 - count + i];
    return;
  }
  for (; count; --count, rows += c->row_bytes, ++sums) {
    intact_vector_plain_bytes(rows, 0, job->values, c->taps, last);
    *sums = last[0];
  }
}

/* What stands beside the sum of products of unsigned weights w + h, h the sign bit (bipolar: 2 w - 1), and of
 * the biases of all runs. */
static uint32_t start_of(const intact_conv* c, const intact_vector_plain_plan* p, uint32_t value_sum) {
  uint32_t runs = p->words;
  if (p->length == INTACT_VECTOR_PLAIN_PRODUCT) runs *= 8 / c->weight_storage;
  if (p->length == INTACT_VECTOR_PLAIN_WORDS) runs = (runs + p->run - 1) / p->run;
  if (c->weight_kind == INTACT_KIND_BIPOLAR) return 0u - value_sum - 2 * runs * p->bias;
  return 0u - (value_sum << (c->weight_storage - 1)) - runs * p->bias;
}

static intact_vector_plain_job job_of(const intact_conv* c, const intact_vector_plain_plan* p) {
  const uint32_t storage = c->weight_storage;
  const uint32_t sign = c->weight_kind == INTACT_KIND_BIPOLAR ? 0 : 1u << (storage - 1);
  const uint32_t ones = p->terms == 4 ? 0x01010101u : 0x00010001u;
  intact_vector_plain_job job;
  uint32_t i;
  job.flip = 0;
  for (i = 0; i < 32; i += storage) job.flip |= sign << i;
  job.mask = ((1u << storage) - 1u) * ones;
  job.start = p->bias * ones;
  job.rows = 0;
  job.values = (const intact_plain_word*)(const void*)(c->scratch + p->at_values);
  job.words = p->words;
  job.step = c->row_bytes;
  job.sums = (intact_plain_word*)(void*)(c->scratch + p->at_sums);
  job.count = 0;
  job.storage = storage;
  job.terms = p->terms;
  return job;
}

/* intact_conv_code of output channels o .. o + count - 1 of a pixel, in place. */
static void finish(const intact_conv* c, uint32_t o, const uint8_t* residual, intact_plain_word* acc,
                   uint32_t count) {
  const intact_round round = c->round;
  const uint32_t k = c->k;
  const uint8_t *b = c->biases + (size_t)o * 4, *m = c->multipliers + (size_t)o * 4;
  const intact_plain_word* const end = acc + count;
  if (c->output.storage_bits == 32) {
    for (; acc != end; ++acc, b += 4) *acc += intact_load_word(b);
    return;
  }
  for (; acc != end; ++acc, ++o, b += 4, m += 4) {
    uint32_t t =
        intact_scale(*acc, k, intact_to_i32(intact_load_word(m)), intact_to_i32(intact_load_word(b)));
    if (residual) t += intact_mul(intact_decode_at(&c->decode_residual, residual, o), c->m_res);
    *acc = intact_round_code(&round, t);
  }
}

/* Codes without bits above to whole bytes. Inlined with a constant storage. */
static inline uint8_t* pack(const intact_plain_word* codes, uint32_t bytes, uint8_t* to, uint32_t storage) {
  const uint32_t per_byte = 8 / storage;
  const uint8_t* const end = to + bytes;
  uint32_t j;
  for (; to != end; ++to, codes += per_byte) {
    uint32_t byte = codes[0];
    for (j = 1; j < per_byte; ++j) byte |= codes[j] << (j * storage);
    *to = (uint8_t)(byte & 0xffu);
  }
  return to;
}

static void write_codes(const intact_conv* c, const intact_plain_word* codes, uint32_t count,
                        intact_writer* writer) {
  if (writer->storage == 8) {
    writer->at = pack(codes, count, writer->at, 8);
    return;
  }
  if (writer->storage <= 4 && writer->filled == 0 && c->output.kind != INTACT_KIND_SIGNED) {
    const uint32_t order = 3u - (writer->storage >> 1), bytes = count >> order; /* 2^order codes a byte */
    writer->at = writer->storage == 4   ? pack(codes, bytes, writer->at, 4)
                 : writer->storage == 2 ? pack(codes, bytes, writer->at, 2)
                                        : pack(codes, bytes, writer->at, 1);
    codes += bytes << order;
    count -= bytes << order;
  }
  for (; count; --count) intact_write_code(writer, *codes++);
}

/* One group of one pixel, from the values of its window on. */
static void run_group(const intact_conv* c, const intact_vector_plain_plan* p, intact_vector_plain_job* job,
                      uint32_t first, const uint8_t* residual, intact_writer* writer) {
  const intact_i16* const window = (const intact_i16*)(const void*)c->scratch;
  intact_plain_word* const values = (intact_plain_word*)(void*)(c->scratch + p->at_values);
  const uint32_t end = first + c->group_out;
  uint32_t start = 0, o, count, j;
  if (p->terms == 1) {
    for (j = 0; j < c->taps; ++j) values[j] = value(window, j);
  } else {
    start = start_of(c, p, arrange(c, p, window, values));
  }
  for (o = first; o < end; o += count) {
    count = end - o < INTACT_VECTOR_PLAIN_ROWS ? end - o : (uint32_t)INTACT_VECTOR_PLAIN_ROWS;
    if (p->terms == 1) {
      add_bytes(c, job, o, count);
    } else {
      add_products(c, p, job, o, count, start);
    }
    finish(c, o, residual, job->sums, count);
    write_codes(c, job->sums, count, writer);
  }
}

static void run(const intact_conv* c) {
  intact_i16* const window = (intact_i16*)(void*)c->scratch;
  intact_vector_plain_plan p;
  intact_vector_plain_job job;
  uint32_t y, x, g, i, pixel = 0;
  if (!intact_vector_plain_find(c, c->scratch_bytes, &p)) return;
  job = job_of(c, &p);
  for (i = c->taps; i < p.words * (32 / c->weight_storage); ++i) window[i] = 0;
  for (y = 0; y < c->output.height; ++y) {
    for (x = 0; x < c->output.width; ++x, ++pixel) {
      intact_writer writer = intact_write_pixel(&c->output, pixel);
      for (g = 0; g < c->groups; ++g) {
        expand_window(c, y, x, g, window);
        run_group(c, &p, &job, g * c->group_out, intact_residual_pixel(c, pixel), &writer);
      }
      intact_write_end(&writer);
    }
  }
}

const intact_conv_kernel intact_conv_vector_plain = {intact_conv_vector_plain_scratch, run};
