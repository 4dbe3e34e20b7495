#include "../intact_table_plain.h"

#if !INTACT_ISA_ARMV6M && !INTACT_ISA_RV32IM

static const uint32_t tops = 0x80808080u;

static inline void spread(intact_plain_word* to, uint32_t bytes, uint32_t shift, uint32_t store) {
  const uint32_t even = (bytes & 0x00ff00ffu) << shift, odd = (bytes >> 8 & 0x00ff00ffu) << shift;
  to[0] = store ? even : to[0] + even;
  to[1] = store ? odd : to[1] + odd;
}

#define LOOK(k)                                                                                    \
  {                                                                                                \
    const intact_plain_word* const entry =                                                         \
        (const intact_plain_word*)(const void*)(tables + (uint32_t)(base + (uint32_t)indices[k])); \
    a += entry[0];                                                                                 \
    b += entry[1];                                                                                 \
    d += entry[2];                                                                                 \
    e += entry[3];                                                                                 \
  }

/* The top bits of all bytes as codes. */
static inline void put_bits(const intact_table_bits* bits, const uint32_t* bytes, uint32_t upper,
                            uint8_t* to) {
  uint32_t x = (bytes[0] & tops) >> 3 | (bytes[1] & tops) >> 2 | (bytes[2] & tops) >> 1 | (bytes[3] & tops);
  x = (((x | x >> 12) & bits->care) ^ bits->flip) >> 4;
  to += 2 * upper;
  to[0] = (uint8_t)(x & 0xffu);
  to[1] = (uint8_t)(x >> 8);
  if (!upper) to[2] = to[3] = 0;
}

void intact_table_sums(const intact_table_job* job) {
  const uint8_t* window = job->window;
  const uint8_t* const tables = job->tables;
  uint8_t* to = job->to;
  for (; window != job->end; window += job->step, to += job->to_step) {
    const intact_table_step* s = job->program;
    uint32_t a = job->bits.start[0], b = job->bits.start[1], d = job->bits.start[2], e = job->bits.start[3];
    for (; s->operation - 1 < INTACT_TABLE_BITS - 1; ++s) {
      const uint32_t base = s->base, store = s->operation == INTACT_TABLE_STORE;
      intact_plain_word* const sums = (intact_plain_word*)(void*)to;
      if (s->operation <= INTACT_TABLE_UNIT) {
        const intact_table_index* const indices =
            (const intact_table_index*)(const void*)(window + (ptrdiff_t)intact_to_i32(s->index));
        switch (s->operation) {
          case 4:
            LOOK(0)
            /* fall through */
          case 3:
            LOOK(1)
            /* fall through */
          case 2:
            LOOK(2)
            /* fall through */
          default:
            LOOK(3)
        }
        continue;
      }
      spread(sums, a, base, store);
      spread(sums + 2, b, base, store);
      spread(sums + 4, d, base, store);
      spread(sums + 6, e, base, store);
      a = b = d = e = 0;
    }
    if (s->operation != INTACT_TABLE_END) {
      const uint32_t bytes[INTACT_TABLE_WORDS] = {a, b, d, e};
      put_bits(&job->bits, bytes, s->operation == INTACT_TABLE_BITS_UPPER, to);
    }
  }
}

#endif
