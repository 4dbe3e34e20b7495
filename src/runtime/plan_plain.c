/* Planning of DIRECT_PLAIN and PIXEL_PAIR (intact_plain.h). */
#include "intact_places.h"
#include "intact_plain.h"

enum { MOST_CHUNK = INTACT_PLAIN_SCRATCH / 16, LEAST_CHUNK = 16, MOST_QUADS = 8 };

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b;
}

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static void lay_out(const intact_conv* c, intact_plain_plan* p) {
  const uint32_t pixels = p->quads * 4 * p->fields;
  intact_places places = {0};
  intact_place(&places, p->outs * p->depth * 2, INTACT_PLACE_VECTOR);
  p->at_values = intact_place(&places, p->quads * p->depth * 16, INTACT_PLACE_VECTOR);
  p->at_sums = intact_place(&places, p->outs * p->quads * 16, INTACT_PLACE_VECTOR);
  p->at_pixels = intact_place(&places, pixels * 4, INTACT_PLACE_VECTOR);
  p->at_fields =
      intact_place(&places, p->fields > 1 ? intact_plain_halves(c) * pixels * 4 : 0, INTACT_PLACE_VECTOR);
  p->at_padding = intact_place(&places, c->input.pixel_bytes, INTACT_PLACE_VECTOR);
  p->bytes = (uint32_t)intact_places_end(&places, INTACT_PLACE_VECTOR);
}

/* As many output channels as fit beside `quads` quads of pixels. With depth <= 2^16 + 3 and quads <= 8
 * nothing here wraps. */
static int fit(const intact_conv* c, uint32_t limit, intact_plain_plan* p) {
  const uint32_t padding = (c->input.pixel_bytes + 15) & ~15u;
  const uint32_t pixels = p->fields * (p->fields > 1 ? 1 + intact_plain_halves(c) : 1);
  const uint32_t fixed = p->quads * 16 * (p->depth + pixels) + padding;
  const uint32_t each = p->depth * 2 + p->quads * 16;
  if (fixed > limit) return 0;
  p->outs = least((limit - fixed) / each, c->group_out);
  lay_out(c, p);
  if (p->bytes > limit && p->outs) { /* the weights' area is rounded up */
    --p->outs;
    lay_out(c, p);
  }
  return p->outs != 0;
}

/* Measured on the Cortex-M0. */
static uint32_t cost(const intact_conv* c, const intact_plain_plan* p) {
  const uint32_t blocks = divide_up(c->group_out, p->outs);
  uint32_t sum = 64 * 43 / 4; /* multiplications */
  /* Expanding the input: for each value, and for each run of channels. */
  sum +=
      64 * 4 * (6 + p->fields + 45 * (1 + p->fields) / least(c->group_in, p->chunk)) * blocks / c->group_out;
  if (p->chunk < c->taps) sum += 64 * 8 / p->quads;                              /* expanding the weights */
  sum += (64 * 40 + 64 * 20 * blocks / c->group_out) / least(p->chunk, c->taps); /* rows of them */
  return sum;
}

int intact_plain_find(const intact_conv* c, uint32_t fields, uint64_t limit, intact_plain_plan* plan) {
  const uint32_t most = limit < INTACT_PLAIN_SCRATCH ? (uint32_t)limit : (uint32_t)INTACT_PLAIN_SCRATCH;
  const uint32_t slots = 4 * fields;
  uint32_t parts, chunk, found = 0, pixels;
  intact_plain_plan p;
  if (fields < 1 || fields > INTACT_PLAIN_FIELDS || !intact_any_order(c)) return 0;
  /* Below 2^32: the output's bytes are below 2^31, a pixel's bits at least 1. */
  pixels = c->output.height * c->output.width;
  p.fields = fields;
  p.field_bits = 32 / fields;
  for (parts = 1; parts; parts *= 2) {
    chunk = c->taps / parts + (c->taps % parts != 0);
    if (parts > 1) chunk = (chunk + 7) & ~7u;
    if (chunk <= MOST_CHUNK) {
      p.chunk = chunk;
      p.depth = (chunk + 3) & ~3u;
      for (p.quads = MOST_QUADS; p.quads; p.quads /= 2) {
        if (p.quads > 1 && (pixels - 1) / slots + 1 <= p.quads / 2) continue;
        if (!fit(c, most, &p)) continue;
        p.cost = cost(c, &p);
        if (!found || p.cost < plan->cost) *plan = p;
        found = 1;
        if (parts == 1 && p.outs == c->group_out) break;
      }
      if (found && parts == 1 && plan->outs == c->group_out) break;
    }
    if (chunk <= LEAST_CHUNK) break;
  }
  return found != 0;
}

uint64_t intact_conv_direct_plain_scratch(const intact_conv* c, uint64_t limit) {
  intact_plain_plan plan;
  return intact_plain_find(c, 1, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}

uint64_t intact_conv_pixel_pair_scratch(const intact_conv* c, uint64_t limit) {
  intact_plain_plan plan;
  return c->parameter > 1 && intact_plain_find(c, c->parameter, limit, &plan) ? plan.bytes : INTACT_CANNOT;
}
