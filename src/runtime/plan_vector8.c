#include "plan_vector8.h"
#include "intact_places.h"

enum {
  VECTOR = 16,
  MOST_CHANNELS = 256, /* of a block: a multiple of what fills a word of codes */
  MOST_TAPS = 65535    /* sums of up to 128 * 128 a tap stay below 2^31 */
};

/* Whether a row's codes follow each other without a gap. */
static uint32_t is_gapless(const intact_conv* c) {
  return c->weight_layout == INTACT_LAYOUT_DENSE_ROWS || c->window.kernel_h * c->window.kernel_w == 1;
}

uint32_t intact_vector8_has_offset(const intact_conv* c) {
  return c->input.zero_point != 0 ||
         (c->weight_storage == 1 && c->input.storage_bits == 8 && c->input.kind == INTACT_KIND_SIGNED);
}

uint64_t intact_plan_vector8(const intact_conv* c, uint64_t limit, intact_vector8_plan* p) {
  const uint32_t offset = intact_vector8_has_offset(c);
  uint64_t values, sums;
  intact_places places = {0};
  if (c->groups != 1 || c->taps > MOST_TAPS || c->weight_storage == 0 || !is_gapless(c)) return INTACT_CANNOT;
  p->fields = 8 / c->weight_storage;
  p->vectors = (uint32_t)(((uint64_t)c->row_bytes + VECTOR - 1) / VECTOR);
  p->block = c->output.channels < MOST_CHANNELS ? c->output.channels : MOST_CHANNELS;
  values = (uint64_t)p->vectors * VECTOR * p->fields;
  /* A row too few is multiplied with others in its place. */
  sums = ((uint64_t)p->block + INTACT_VECTOR8_ROWS - 1) * 4;
  p->lanes = intact_place(&places, (uint64_t)c->taps + VECTOR, INTACT_PLACE_VECTOR);
  p->values = intact_place(&places, values, INTACT_PLACE_VECTOR);
  p->ones = intact_place(&places, offset ? values : 0, INTACT_PLACE_VECTOR);
  p->sums = intact_place(&places, sums, INTACT_PLACE_VECTOR);
  p->weight_sums = intact_place(&places, offset ? sums : 0, INTACT_PLACE_VECTOR);
  return places.end <= limit && places.end <= UINT32_MAX ? places.end : INTACT_CANNOT;
}

uint64_t intact_conv_vector8_scratch(const intact_conv* c, uint64_t limit) {
  intact_vector8_plan plan;
  return intact_plan_vector8(c, limit, &plan);
}
