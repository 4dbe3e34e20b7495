/* Planning of INTACT_CONV_DEPTHWISE16: how to compute, and how to divide the scratch. */
#include "armv7em/depthwise16.h"

static int is_3x3(const intact_window* w) {
  return w->kernel_h == 3 && w->kernel_w == 3 && w->dilation_h == 1 && w->dilation_w == 1 &&
         w->stride_h == w->stride_w && w->stride_h <= 2;
}

/* FIELDS keeps acc 2^(k - 16) of two outputs in one word, each in 16 bits and each as large as it may be on
 * the way: with the taps that are still to come counted as u = 0, v = offset. Since |acc| 2^k < 2^31 for any
 * v within +-vmax, sums on the way stay within 16 bits too where |offset| <= vmax. The weights, shifted by k
 * - 16 and by the decoder's shift, must fit 16 bits: they do where the shift is 0, for |w| vmax <= A.
 */
static int fields_are_exact(const intact_conv* c) {
  const intact_tensor* x = &c->input;
  const int32_t below = x->zero_point - x->qmin, above = x->qmax - x->zero_point;
  const int32_t vmax = below > above ? below : above;
  if (c->k < 16 || -c->decode_input.offset > vmax || c->decode_input.offset > vmax) return 0;
  if (c->decode_input.shift == 0) return 1;
  return c->k - 16 + c->decode_input.shift + c->weight_storage <= 15;
}

/* PAIRS shifts values by 7 or 8 bits and weights by the rest of k, both within 16 bits. */
static int pairs_are_exact(const intact_conv* c) {
  const uint32_t value_shift = intact_depthwise16_value_shift(c);
  const uint32_t most = c->weight_kind == INTACT_KIND_BIPOLAR ? 14 : 16 - c->weight_storage;
  return c->input.storage_bits == 8 && c->k >= value_shift && c->k - value_shift <= most;
}

/* FIELDS has more to do at the ends of rows, and at stride 2 uses half of its products. */
static int pairs_are_faster(const intact_conv* c) {
  return c->output.width < 16 || c->window.stride_w == 2;
}

/* What the sweeps' results can become: t >> 16, clamped; of one bit only both codes or the sign. */
static int results_are_packed(const intact_conv* c) {
  if (c->has_residual || c->output.storage_bits == 32) return 0;
  if (c->round.bipolar) return 1;
  return c->round.r == 16 && (c->output.storage_bits > 1 || (c->round.qmin == 0 && c->round.qmax == 1));
}

uint32_t intact_depthwise16_way(const intact_conv* c) {
  if (c->group_in != 1 || c->group_out != 1 || c->weight_layout != INTACT_LAYOUT_DENSE_ROWS)
    return INTACT_DEPTHWISE16_CANNOT;
  if (!intact_any_order(c)) return INTACT_DEPTHWISE16_CANNOT;
  if (is_3x3(&c->window) && results_are_packed(c)) {
    const int pairs = pairs_are_exact(c);
    if (pairs && pairs_are_faster(c)) return INTACT_DEPTHWISE16_PAIRS;
    if (fields_are_exact(c)) return INTACT_DEPTHWISE16_FIELDS;
    if (pairs) return INTACT_DEPTHWISE16_PAIRS;
  }
  return INTACT_DEPTHWISE16_TAPS;
}

/* A window lies within the padded image, and so do all windows of a strip: the columns are fewer than 3 *
 * 65,536. */
uint64_t intact_depthwise16_plane_words(const intact_conv* c, uint32_t way, uint32_t outputs) {
  const intact_window* w = &c->window;
  const uint32_t columns = (outputs - 1) * w->stride_w + (w->kernel_w - 1) * w->dilation_w + 1;
  switch (way) {
    case INTACT_DEPTHWISE16_FIELDS:
      return (uint64_t)(outputs / 2 + 1) * 3 * w->stride_w;
    case INTACT_DEPTHWISE16_PAIRS:
      return (uint64_t)columns * 2;
    default:
      return (uint64_t)columns * ((w->kernel_h + 1) / 2);
  }
}

uint64_t intact_depthwise16_weight_words(const intact_conv* c, uint32_t way) {
  switch (way) {
    case INTACT_DEPTHWISE16_FIELDS:
      return c->window.stride_w == 1 ? INTACT_DEPTHWISE16_FIELDS1_WEIGHTS
                                     : INTACT_DEPTHWISE16_FIELDS2_WEIGHTS;
    case INTACT_DEPTHWISE16_PAIRS:
      return INTACT_DEPTHWISE16_PAIRS_WEIGHTS;
    default:
      return (uint64_t)((c->window.kernel_h + 1) / 2) * c->window.kernel_w;
  }
}

static uint64_t result_words(const intact_conv* c, uint32_t way, uint32_t outputs) {
  switch (way) {
    case INTACT_DEPTHWISE16_FIELDS:
      return outputs / 2;
    case INTACT_DEPTHWISE16_PAIRS:
      return c->window.stride_h == 1 ? outputs : outputs / 2;
    default:
      return outputs;
  }
}

/* Words of scratch, and where its parts begin. Factors: channels < 2^17, weights < 2^32, planes < 2^34. */
static uint64_t divide(const intact_conv* c, uint32_t way, uint32_t channels, uint32_t outputs,
                       uint64_t offsets[4]) {
  const uint32_t in_half = 16 / c->decode_input.storage;
  offsets[0] = intact_round_up_to(channels, 2 * in_half) / (2 * in_half);
  offsets[1] = offsets[0] + channels * intact_depthwise16_weight_words(c, way);
  offsets[2] = offsets[1] + (uint64_t)channels * INTACT_DEPTHWISE16_CONSTANTS;
  offsets[3] =
      offsets[2] + intact_round_up_to(channels, in_half) * intact_depthwise16_plane_words(c, way, outputs);
  return offsets[3] + channels * result_words(c, way, outputs);
}

static uint64_t bytes_for(const intact_conv* c, uint32_t way, uint32_t channels, uint32_t outputs) {
  uint64_t offsets[4];
  return 4 * divide(c, way, channels, outputs, offsets);
}

/* n things in equal parts of at most `most`, each a multiple of `unit`: one part. */
static uint32_t even_part(uint32_t n, uint32_t most, uint32_t unit) {
  const uint32_t parts = (n + most - 1) / most;
  return intact_round_up_to((n + parts - 1) / parts, unit);
}

uint64_t intact_depthwise16_plan_within(const intact_conv* c, uint64_t limit, intact_depthwise16_plan* plan) {
  const uint32_t way = intact_depthwise16_way(c), unit = intact_depthwise16_output_unit(way);
  const uint32_t in_word = 32 / c->decode_input.storage, out_word = 32u / c->output.storage_bits;
  const uint32_t all = c->output.channels, width = intact_round_up_to(c->output.width, unit);
  uint32_t channels = all, outputs = width;
  uint64_t offsets[4], bytes;
  if (way == INTACT_DEPTHWISE16_CANNOT) return INTACT_CANNOT;
  plan->granule = in_word > out_word ? in_word : out_word;
  bytes = bytes_for(c, way, all, width);
  if (bytes > limit) {
    const uint64_t granule_bytes = bytes_for(c, way, plan->granule, width);
    if (granule_bytes <= limit &&
        plan->granule < all) { /* blocks of whole granules: linear in their number */
      channels = even_part(all, (uint32_t)(limit / granule_bytes) * plan->granule, plan->granule);
    } else { /* linear in the strip's units */
      uint64_t one, two;
      channels = plan->granule < all ? plan->granule : all;
      one = bytes_for(c, way, channels, unit);
      two = bytes_for(c, way, channels, 2 * unit);
      if (one > limit) return INTACT_CANNOT;
      outputs = even_part(width, (uint32_t)((limit - one) / (two - one) + 1) * unit, unit);
    }
    bytes = bytes_for(c, way, channels, outputs);
  }
  divide(c, way, channels, outputs, offsets);
  plan->way = way;
  plan->channels = channels;
  plan->outputs = outputs;
  plan->weights = (uint32_t)offsets[0];
  plan->constants = (uint32_t)offsets[1];
  plan->planes = (uint32_t)offsets[2];
  plan->results = (uint32_t)offsets[3];
  return bytes;
}

uint64_t intact_conv_depthwise16_scratch(const intact_conv* c, uint64_t limit) {
  intact_depthwise16_plan plan;
  return intact_depthwise16_plan_within(c, limit, &plan);
}
