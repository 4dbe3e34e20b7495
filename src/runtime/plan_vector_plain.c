/* Planning of VECTOR_PLAIN (intact_vector_plain.h). */
#include "intact_places.h"
#include "intact_vector_plain.h"

/* The largest magnitude of an input's value, and whether one is negative. */
static uint32_t magnitude(const intact_conv* c, uint32_t* negative) {
  const int32_t low = c->input.qmin - c->input.zero_point, high = c->input.qmax - c->input.zero_point;
  *negative = low < 0;
  return (uint32_t)(-low > high ? -low : high);
}

int intact_vector_plain_find(const intact_conv* c, uint64_t limit, intact_vector_plain_plan* plan) {
  const uint32_t storage = c->weight_storage;
  uint32_t negative;
  const uint32_t product = ((1u << storage) - 1u) * magnitude(c, &negative);
  const uint32_t narrow = negative ? 0x7f : 0xff, wide = negative ? 0x7fff : 0xffff;
  uint64_t words;
  intact_places places = {0};
  if (storage == 0 || c->weight_layout != INTACT_LAYOUT_DENSE_ROWS || c->taps > INTACT_PLAIN_SCRATCH ||
      product > 0xffff) {
    return 0;
  }
  words = ((uint64_t)c->taps * storage + 31) / 32;
  plan->words = (uint32_t)words;
  plan->aligned = c->row_bytes % 4 == 0;
  plan->terms = storage == 8 ? 1 : 4 * product <= narrow ? 4 : 2;
  plan->length = INTACT_VECTOR_PLAIN_WORD;
  plan->run = 1;
  plan->bias = 0;
  if (plan->terms > 1) {
    /* `terms` products of codes meet in the top field. */
    const uint32_t word = product * (32 / storage);
    plan->run = word ? (plan->terms == 4 ? narrow : wide) / word : 1;
    if (plan->run == 0) plan->length = INTACT_VECTOR_PLAIN_PRODUCT;
    if (plan->run >= 4) plan->length = INTACT_VECTOR_PLAIN_WORDS;
    if (negative) plan->bias = plan->terms == 4 ? 0x80 : 0x8000;
  }
  intact_place(&places, words * (32 / storage) * 2, INTACT_PLACE_VECTOR);
  plan->at_values = intact_place(
      &places, plan->terms == 1 ? (uint64_t)c->taps * 4 : words * 4 * (32 / storage / plan->terms),
      INTACT_PLACE_VECTOR);
  plan->at_row =
      intact_place(&places, plan->terms > 1 && !plan->aligned ? words * 4 : 0, INTACT_PLACE_VECTOR);
  plan->at_sums = intact_place(&places, INTACT_VECTOR_PLAIN_ROWS * 4, INTACT_PLACE_VECTOR);
  plan->bytes = (uint32_t)places.end;
  return places.end <= limit && places.end <= INTACT_PLAIN_SCRATCH;
}

uint64_t intact_conv_vector_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_vector_plain_plan plan;
  return intact_vector_plain_find(c, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
