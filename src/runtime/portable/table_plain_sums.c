#include "../intact_table_plain.h"

#if !INTACT_ISA_ARMV6M

uint32_t intact_table_operation(uint32_t operation) {
  return operation;
}

uint32_t intact_table_address(const uint8_t* tables) {
  (void)tables;
  return 0;
}

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

void intact_table_sums(const intact_table_job* job) {
  const uint8_t* window = job->window;
  const uint8_t* const tables = job->tables;
  intact_plain_word* sums = job->sums;
  for (; window != job->end; window += job->step, sums += INTACT_TABLE_SUM_WORDS) {
    const intact_table_step* s = job->program;
    uint32_t a = 0, b = 0, d = 0, e = 0;
    for (; s->operation != INTACT_TABLE_END; ++s) {
      const uint32_t base = s->base, store = s->operation == INTACT_TABLE_STORE;
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
  }
}

#endif
