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

/* Returns the sum of the channel's weights. */
static uint32_t load_weights(const intact_conv* c, uint32_t o, intact_depthwise_plain_tap* tap) {
  const intact_depthwise_plain_tap* const end = tap + c->taps;
  const uint32_t storage = c->weight_storage, shift = c->decode_input.shift;
  const uint32_t low = 32 - storage, bipolar = c->weight_kind == INTACT_KIND_BIPOLAR;
  const uint8_t* row = c->weights + (size_t)o * c->row_bytes;
  uint32_t sum = 0, bits = 0, left = 0;
  if (storage == 8) {
    const int8_t* w = (const int8_t*)row;
    int32_t total = 0;
    for (; tap != end; ++tap, ++w) {
      total += *w;
      tap->weight = (uint32_t)*w << shift;
    }
    return (uint32_t)total;
  }
  for (; tap != end; ++tap) {
    uint32_t weight;
    if (!left) {
      bits = *row++;
      left = 8;
    }
    weight = bipolar ? (bits & 1u) * 2 - 1 : (uint32_t)intact_asr(intact_to_i32(bits << low), low);
    bits >>= storage;
    left -= storage;
    sum += weight;
    tap->weight = weight << shift;
  }
  return sum;
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
