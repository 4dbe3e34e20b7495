/* Sum of scaled operands, ARITHMETIC section 5. Elements ascend and each is read before it is written: the
 * output may lie in place of an operand (FORMAT section 5).
 */
#include "../intact_kernels.h"

void intact_add_run(const intact_add* add) {
  const uint32_t pixels = add->output.height * add->output.width;
  uint32_t pixel, c, i;
  for (pixel = 0; pixel < pixels; ++pixel) {
    intact_writer writer = intact_write_pixel(&add->output, pixel);
    for (c = 0; c < add->output.channels; ++c) {
      uint32_t t = (uint32_t)add->b;
      for (i = 0; i < add->count; ++i) {
        const uint8_t* run = add->data[i] + (size_t)pixel * add->pixel_bytes[i];
        t += intact_mul(intact_decode_at(&add->decode[i], run, c), add->m[i]);
      }
      intact_write_code(&writer, intact_round_code(&add->round, t));
    }
    intact_write_end(&writer);
  }
}
