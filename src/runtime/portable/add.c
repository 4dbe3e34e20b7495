/* Sum of scaled operands, ARITHMETIC section 5, by runs of channels. Pixels and runs ascend, and a run's
 * operands are read before its codes are written: the output may lie in place of an operand (FORMAT section
 * 5), whose codes take no fewer bits, so that the bytes written hold no codes of a later run.
 */
#include "../intact_kernels.h"

enum { RUN = 32 };

/* t[j] += v[j] m for `count` codes of an operand from `first` on. */
static void add_operand(const intact_decoder* d, const uint8_t* pixel, int32_t m, uint32_t first,
                        uint32_t count, uint32_t* t) {
  intact_i16 v[RUN];
  uint32_t j;
  intact_expand(d, pixel, first, count, v);
  for (j = 0; j < count; ++j) t[j] += intact_mul(v[j], m);
}

void intact_add_run(const intact_add* add) {
  const uint32_t pixels = add->output.height * add->output.width, channels = add->output.channels;
  uint32_t pixel, first, i, j, t[RUN];
  for (pixel = 0; pixel < pixels; ++pixel) {
    intact_writer writer = intact_write_pixel(&add->output, pixel);
    for (first = 0; first < channels; first += RUN) {
      const uint32_t count = channels - first < RUN ? channels - first : RUN;
      for (j = 0; j < count; ++j) t[j] = (uint32_t)add->b;
      for (i = 0; i < add->count; ++i)
        add_operand(&add->decode[i], add->data[i] + (size_t)pixel * add->pixel_bytes[i], add->m[i], first,
                    count, t);
      for (j = 0; j < count; ++j) intact_write_code(&writer, intact_round_code(&add->round, t[j]));
    }
    intact_write_end(&writer);
  }
}
