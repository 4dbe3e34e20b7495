/* From the fields of two channels to their codes, where nothing but a full range of codes clamps and r = 16:
 * one USAT does both. acc 2^k = (field 2^shift + constant) 2^k modulo 2^32 is one MLA.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"

/* t >> 16 clamped to 0 .. 2^bits - 1; gcc 12 makes no USAT with a shifted operand. */
static inline uint32_t saturate(uint32_t t, uint32_t storage) {
  uint32_t code;
  if (storage == 8)
    __asm__("usat %0, #8, %1, asr #16" : "=r"(code) : "r"(t));
  else if (storage == 4)
    __asm__("usat %0, #4, %1, asr #16" : "=r"(code) : "r"(t));
  else
    __asm__("usat %0, #2, %1, asr #16" : "=r"(code) : "r"(t));
  return code;
}

static inline uint32_t code_of(uint32_t t, uint32_t storage) {
  return storage == 1 ? (t >> 31) ^ 1u : saturate(t, storage);
}

typedef struct finish {
  const intact_poly_two* fields;
  uint8_t* to;
  uint32_t to_step, count;
  uint32_t scale; /* 2^(shift + k) */
  uint32_t start[2], m[2], b[2];
  uint32_t place; /* bit of the first code in its byte; above 0 the lower ones are there already */
} finish;

static inline uint32_t codes_of(intact_poly_two fields, const finish* f, uint32_t storage) {
  const uint32_t t0 = intact_smmla((uint32_t)fields * f->scale + f->start[0], f->m[0], f->b[0]);
  const uint32_t t1 = intact_smmla((uint32_t)(fields >> 32) * f->scale + f->start[1], f->m[1], f->b[1]);
  return code_of(t0, storage) | code_of(t1, storage) << storage;
}

/* Inlined with constant storage. */
static inline void finish_row(const finish* given, uint32_t storage) {
  finish f = *given; /* not reloaded at each store */
  const intact_poly_two* from = f.fields;
  const intact_poly_two* end = from + f.count;
  uint8_t* to = f.to;
  /* A multiplication with addition, where gcc 12 knows better and shifts, then adds. */
  __asm__("" : "+r"(f.scale));
  if (storage < 4 && f.place > 0) {
#pragma GCC unroll 4
    for (; from != end; ++from, to += f.to_step)
      *to = (uint8_t)(*to | codes_of(*from, &f, storage) << f.place);
    return;
  }
#pragma GCC unroll 4
  for (; from != end; ++from, to += f.to_step) {
    const uint32_t codes = codes_of(*from, &f, storage);
    if (storage == 8) {
      const uint16_t both = (uint16_t)codes;
      __builtin_memcpy(to, &both, 2);
    } else {
      *to = (uint8_t)codes;
    }
  }
}

void intact_poly_row_finish(const intact_poly_row* row, const intact_poly_two* fields, uint32_t pixel,
                            uint32_t count, uint32_t channel, const intact_accumulator* constants) {
  const intact_conv* c = row->conv;
  const uint32_t storage = c->output.storage_bits;
  const intact_word_alias* m = (const intact_word_alias*)(const void*)c->multipliers + channel;
  const intact_word_alias* b = (const intact_word_alias*)(const void*)c->biases + channel;
  const uint32_t partner = channel + 1 < c->output.channels;
  finish f;
  f.fields = fields;
  f.count = count;
  f.to = c->output.data + (size_t)pixel * c->output.pixel_bytes + (size_t)channel * storage / 8;
  f.to_step = c->output.pixel_bytes;
  f.scale = 1u << (c->decode_input.shift + c->k);
  f.start[0] = constants[0] << c->k;
  f.start[1] = constants[1] << c->k;
  f.m[0] = m[0];
  f.b[0] = b[0];
  /* Code 0 for a channel that is not there. */
  f.m[1] = partner ? m[1] : 0;
  f.b[1] = partner ? b[1] : 0xffffffffu;
  f.place = channel * storage % 8;
  /* A byte has one pair's codes alone at 4 bits; two lie in it at 2 bits, four at 1. */
  switch (storage) {
    case 8:
      finish_row(&f, 8);
      break;
    case 4:
      finish_row(&f, 4);
      break;
    case 2:
      finish_row(&f, 2);
      break;
    default:
      finish_row(&f, 1);
      break;
  }
}

void intact_poly_row_sums(const intact_poly_row* row, const intact_poly_two* fields, uint32_t count,
                          const intact_accumulator* constants, intact_accumulator* to) {
  const uint32_t shift = row->conv->decode_input.shift, stride = row->plan.sums_stride;
  const uint32_t first = constants[0], second = constants[1];
  for (; count > 0; --count, ++fields, to += stride) {
    to[0] = first + ((uint32_t)*fields << shift);
    to[1] = second + ((uint32_t)(*fields >> 32) << shift);
  }
}

#endif
