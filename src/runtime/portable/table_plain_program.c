/* The program over a chunk's tables. */
#include "../intact_table_plain.h"

enum { UNIT = INTACT_TABLE_UNIT };

/* Where step `unit` lies. */
typedef struct place {
  uint32_t ky, kx, part; /* part: of the tap's steps */
} place;

static place place_of(const intact_conv* c, const intact_table_plan* p, uint32_t unit) {
  const uint32_t tap = unit / p->units_tap;
  place at;
  at.part = unit - tap * p->units_tap;
  at.ky = tap / c->window.kernel_w;
  at.kx = tap - at.ky * c->window.kernel_w;
  return at;
}

static place next(const intact_conv* c, const intact_table_plan* p, place at) {
  if (++at.part < p->units_tap) return at;
  at.part = 0;
  if (++at.kx == c->window.kernel_w) {
    at.kx = 0;
    ++at.ky;
  }
  return at;
}

static intact_table_step* put(intact_table_step* to, uint32_t operation, uint32_t index, uint32_t base) {
  to->operation = intact_table_operation(operation);
  to->index = index;
  to->base = base;
  return to + 1;
}

void intact_table_program(const intact_conv* c, const intact_table_plan* p, const intact_table_block* block,
                          uint32_t first, uint32_t count) {
  intact_table_step* to = (intact_table_step*)(void*)(c->scratch + p->at_program);
  const uint8_t* const flags = c->scratch + p->at_flags;
  const uint32_t tables = intact_table_address(c->scratch);
  uint32_t spill = first == 0 ? INTACT_TABLE_STORE : INTACT_TABLE_SPILL, plane, i;
  for (plane = 0; plane < p->planes; ++plane) {
    place at = place_of(c, p, first);
    for (i = 0; i < count; ++i, at = next(c, p, at)) {
      const uint32_t left = p->fours - at.part * UNIT, n = left < UNIT ? left : (uint32_t)UNIT;
      const uint32_t skip = UNIT - n;
      const uint32_t index =
          at.kx * c->window.dilation_w * p->pixel + (plane * p->fours + at.part * UNIT) * 2;
      if (flags[i]) {
        to = put(to, spill, 0, plane);
        spill = INTACT_TABLE_SPILL;
      }
      to = put(to, n, index - 2 * skip, tables + i * p->unit_bytes - skip * INTACT_TABLE_BYTES);
    }
    if (block->by_bits) {
      put(to, block->first % 32 ? INTACT_TABLE_BITS_UPPER : INTACT_TABLE_BITS, 0, 0);
      return;
    }
    to = put(to, spill, 0, plane);
    spill = INTACT_TABLE_SPILL;
  }
  put(to, INTACT_TABLE_END, 0, 0);
}

void intact_table_aim(const intact_conv* c, const intact_table_plan* p, uint32_t first, uint32_t count,
                      const uint32_t* moves) {
  const uint32_t row_units = c->window.kernel_w * p->units_tap;
  const uint8_t* const flags = c->scratch + p->at_flags;
  const uint32_t first_row = first / row_units, first_left = row_units - first % row_units;
  intact_table_step* step = (intact_table_step*)(void*)(c->scratch + p->at_program);
  uint32_t plane, i;
  for (plane = 0; plane < p->planes; ++plane, ++step) { /* a plane's last step spills */
    uint32_t ky = first_row, left = first_left;
    for (i = 0; i < count; ++i, ++step) {
      step += flags[i];
      step->index += moves[ky];
      if (--left == 0) {
        left = row_units;
        ++ky;
      }
    }
  }
}
