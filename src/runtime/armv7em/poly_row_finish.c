/* From the fields of two channels to their codes, where nothing but a full range of codes clamps and r = 16:
 * one USAT does both. acc 2^k = (field 2^shift + constant) 2^k modulo 2^32 is one MLA, and so is a residual:
 * v_res m_res = u (m_res 2^shift) + offset m_res, of which the latter is in the bias.
 */
#include "poly_row.h"

#include "../intact_isa.h"

#if INTACT_ISA_ARMV7M

#include "dsp_instructions.h"
#include "poly_row_residual.h"

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
  /* The residual's codes in the first pixel. */
  const uint8_t* residual;
  uint32_t residual_step; /* to the next pixel's */
  uint32_t
      others; /* below 4 bits: what stays of the output's byte. In its place codes not yet read are there */
  uint32_t flip, m_res; /* flip: of a byte */
} finish;

static inline uint32_t codes_of(intact_poly_two fields, const finish* f, uint32_t storage) {
  const uint32_t t0 = intact_smmla((uint32_t)fields * f->scale + f->start[0], f->m[0], f->b[0]);
  const uint32_t t1 = intact_smmla((uint32_t)(fields >> 32) * f->scale + f->start[1], f->m[1], f->b[1]);
  return code_of(t0, storage) | code_of(t1, storage) << storage;
}

/* With a residual of `storage` bits or 8. Inlined with constant storage and residual. */
static inline void finish_row_residual(const finish* given, uint32_t storage, uint32_t residual) {
  finish f = *given;
  const intact_poly_two* from = f.fields;
  const intact_poly_two* end = from + f.count;
  const uint32_t residual_mask = (1u << residual) - 1u;
  const uint32_t others = f.others;
  uint8_t* to = f.to;
  __asm__("" : "+r"(f.scale));
  for (; from != end; ++from, to += f.to_step, f.residual += f.residual_step) {
    uint32_t t0 = intact_smmla((uint32_t)*from * f.scale + f.start[0], f.m[0], f.b[0]);
    uint32_t t1 = intact_smmla((uint32_t)(*from >> 32) * f.scale + f.start[1], f.m[1], f.b[1]);
    uint32_t codes;
    if (residual == 8) {
      t0 += ((uint32_t)f.residual[0] ^ f.flip) * f.m_res;
      t1 += ((uint32_t)f.residual[1] ^ f.flip) * f.m_res;
    } else {
      const uint32_t both = ((uint32_t)*f.residual ^ f.flip) >> (residual < 4 ? f.place : 0);
      t0 += (both & residual_mask) * f.m_res;
      t1 += (both >> residual & residual_mask) * f.m_res;
    }
    codes = code_of(t0, storage) | code_of(t1, storage) << storage;
    if (storage == 8) {
      to[0] = (uint8_t)(codes & 0xffu);
      to[1] = (uint8_t)(codes >> 8);
    } else if (storage == 4) {
      *to = (uint8_t)codes;
    } else {
      *to = (uint8_t)((*to & others) | codes << f.place);
    }
  }
}

/* Codes of 4 bits with a residual of as many, where that is quicker; 0: not here. */
static int finish_row_nibbles(const intact_conv* c, const finish* f) {
#if INTACT_ISA_ARMV7EM
  intact_poly_residual r;
  const uint32_t bytes = f->count * f->to_step;
  uint32_t i;
  if (c->output.storage_bits != 4 || c->residual.storage_bits != 4 || f->flip != 0 ||
      f->residual_step != f->to_step)
    return 0;
  r.fields = f->fields;
  r.to_end = f->to + bytes;
  r.residual_end = f->residual + bytes;
  r.offset = 0 - bytes;
  r.scale = f->scale;
  r.m_res = f->m_res;
  r.step = f->to_step;
  for (i = 0; i < 2; ++i) {
    r.start[i] = f->start[i];
    r.m[i] = f->m[i];
    r.b[i] = f->b[i];
  }
  intact_poly_add_residual(&r);
  return 1;
#else
  (void)c;
  (void)f;
  return 0;
#endif
}

/* Both channels are there, and the residual has the output's storage or 8 bits. */
static void finish_residual(const intact_poly_row* row, finish* f, uint32_t pixel, uint32_t channel) {
  const intact_conv* c = row->conv;
  const intact_decoder* d = &c->decode_residual;
  const uint32_t storage = c->output.storage_bits, residual = d->storage;
  const uint32_t more = (uint32_t)d->offset * (uint32_t)c->m_res;
  f->residual = intact_residual_pixel(c, pixel) + channel * residual / 8;
  f->residual_step = c->residual.pixel_bytes;
  f->flip = d->flip * (0xffu / ((1u << residual) - 1u));
  f->m_res = (uint32_t)c->m_res << d->shift;
  f->others = c->residual_apart && f->place == 0 ? 0 : ~(((1u << (2 * storage)) - 1u) << f->place);
  f->b[0] += more;
  f->b[1] += more;
  if (finish_row_nibbles(c, f)) return;
  switch (storage) {
    case 8:
      finish_row_residual(f, 8, 8);
      break;
    case 4:
      if (residual == 8)
        finish_row_residual(f, 4, 8);
      else
        finish_row_residual(f, 4, 4);
      break;
    case 2:
      if (residual == 8)
        finish_row_residual(f, 2, 8);
      else
        finish_row_residual(f, 2, 2);
      break;
    default:
      if (residual == 8)
        finish_row_residual(f, 1, 8);
      else
        finish_row_residual(f, 1, 1);
      break;
  }
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
  if (c->has_residual) {
    finish_residual(row, &f, pixel, channel);
    return;
  }
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
