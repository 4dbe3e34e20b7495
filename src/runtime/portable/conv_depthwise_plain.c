/* DEPTHWISE_PLAIN: intact_depthwise_plain.h. */
#include "../intact_depthwise_plain.h"

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

/* Where the codes of the taps are: the same for all channels. */
static void load_offsets(const intact_conv* c, const intact_depthwise_plain_plan* p,
                         intact_depthwise_plain_tap* tap) {
  const intact_window* w = &c->window;
  uint32_t ky, kx;
  for (ky = 0; ky < w->kernel_h; ++ky) {
    for (kx = 0; kx < w->kernel_w; ++kx, ++tap) {
      const uint32_t column = kx * w->dilation_w, index = w->stride_w == 1 ? column : column / w->stride_w;
      tap->offset = 4 * (ky * w->dilation_h * p->pitch + (column - index * w->stride_w) * p->phase + index);
    }
  }
}

static uint32_t load_bytes(const int8_t* weights, intact_depthwise_plain_tap* tap, uint32_t taps,
                           uint32_t shift) {
  const int8_t* const end = weights + taps;
  uint32_t sum = 0;
  for (; weights != end; ++weights, ++tap) {
    const uint32_t weight = (uint32_t)(int32_t)*weights;
    sum += weight;
    tap->weight = weight << shift;
  }
  return sum;
}

/* The code of a byte from bit `bit` on, its sign extended. */
static inline uint32_t code_at(uint32_t byte, uint32_t bit, uint32_t storage) {
  return (uint32_t)intact_asr(intact_to_i32(byte << (32 - storage - bit)), 32 - storage);
}

/* storage 2 or 4. Inlined with a constant storage. */
static inline uint32_t load_codes(const uint8_t* row, intact_depthwise_plain_tap* tap, uint32_t taps,
                                  uint32_t shift, uint32_t storage) {
  const uint32_t per_byte = 8 / storage;
  uint32_t sum = 0, j;
  for (; taps >= per_byte; taps -= per_byte, tap += per_byte) {
    const uint32_t byte = *row++;
    for (j = 0; j < per_byte; ++j) {
      const uint32_t weight = code_at(byte, j * storage, storage);
      sum += weight;
      tap[j].weight = weight << shift;
    }
  }
  for (j = 0; j < taps; ++j) {
    const uint32_t weight = code_at(*row, j * storage, storage);
    sum += weight;
    tap[j].weight = weight << shift;
  }
  return sum;
}

/* Bits, bipolar: bit * step + base, with step = 2^(shift + 1), base = -2^shift; the sum is of these.
 * Parameters, so that the compiler multiplies and adds in one instruction. */
INTACT_APART static uint32_t load_signs(const uint8_t* row, intact_depthwise_plain_tap* tap, uint32_t taps,
                                        uint32_t step, uint32_t base) {
  intact_depthwise_plain_tap* const end = tap + taps;
  uint32_t sum = 0, byte, j;
  for (; end - tap >= 8; tap += 8) {
    byte = *row++;
    for (j = 0; j < 8; ++j) {
      const uint32_t weight = (byte >> j & 1u) * step + base;
      sum += weight;
      tap[j].weight = weight;
    }
  }
  if (tap == end) return sum;
  for (byte = *row; tap != end; ++tap, byte >>= 1) {
    tap->weight = (byte & 1u) * step + base;
    sum += tap->weight;
  }
  return sum;
}

INTACT_APART static uint32_t load_packed(const uint8_t* row, intact_depthwise_plain_tap* tap, uint32_t taps,
                                         uint32_t shift, uint32_t storage) {
  if (storage == 4) return load_codes(row, tap, taps, shift, 4);
  return load_codes(row, tap, taps, shift, 2);
}

/* Returns the sum of the channel's weights. */
static uint32_t load_weights(const intact_conv* c, uint32_t o, intact_depthwise_plain_tap* tap) {
  const uint8_t* row = c->weights + (size_t)o * c->row_bytes;
  const uint32_t shift = c->decode_input.shift;
  if (c->weight_storage == 8) return load_bytes((const int8_t*)row, tap, c->taps, shift);
  if (c->weight_storage == 1) {
    const uint32_t sum = load_signs(row, tap, c->taps, 2u << shift, 0u - (1u << shift));
    return (uint32_t)intact_asr(intact_to_i32(sum), shift);
  }
  return load_packed(row, tap, c->taps, shift, c->weight_storage);
}

/* Channel o of the pass from output row `first` on; words: its plane. */
static void run_channel(const intact_conv* c, const intact_depthwise_plain_plan* p, uint32_t first,
                        uint32_t o, const intact_plain_word* words) {
  intact_depthwise_plain_tap* const taps = (intact_depthwise_plain_tap*)(void*)c->scratch;
  uint32_t start, f;
  intact_depthwise_plain_job job;
  start = load_weights(c, o, taps) * (uint32_t)c->decode_input.offset;
  if (p->fields > 1) start += 1u << (p->field_bits - 1);
  job.start = start;
  for (f = 1; f < p->fields; ++f) job.start += start << (f * p->field_bits);
  job.words = words;
  job.taps = taps;
  job.end = taps + c->taps;
  job.sums = (intact_plain_word*)(void*)(c->scratch + p->at_sums);
  job.quads = (c->output.width + 3) / 4;
  job.rows = least(p->rows, c->output.height - first);
  job.words_step = 4 * c->window.stride_h * p->pitch;
  job.sums_step = 4 * c->output.width;
  job.kernel_h = c->window.kernel_h;
  intact_depthwise_plain_sweep(&job);
  for (f = 0; f < p->fields && first + f * p->rows < c->output.height; ++f)
    intact_depthwise_plain_finish(c, p, o, f, first + f * p->rows,
                                  least(p->rows, c->output.height - first - f * p->rows));
}

static void run(const intact_conv* c) {
  const uint32_t per_byte = 8 / c->input.storage_bits, channels = c->output.channels;
  intact_depthwise_plain_plan p;
  uint32_t first, o, i, byte;
  if (!intact_depthwise_plain_find(c, c->scratch_bytes, &p)) return;
  load_offsets(c, &p, (intact_depthwise_plain_tap*)(void*)c->scratch);
  for (first = 0; first < c->output.height; first += p.fields * p.rows) {
    intact_depthwise_plain_pad(c, &p);
    for (o = 0, byte = 0; o < channels; o += per_byte, ++byte) {
      const intact_plain_word* const planes =
          (const intact_plain_word*)(const void*)(c->scratch + p.at_planes);
      intact_depthwise_plain_expand(c, &p, first, byte);
      for (i = 0; i < per_byte && o + i < channels; ++i)
        run_channel(c, &p, first, o + i, planes + (size_t)i * p.plane);
    }
  }
}

const intact_conv_kernel intact_conv_depthwise_plain = {intact_conv_depthwise_plain_scratch, run};
