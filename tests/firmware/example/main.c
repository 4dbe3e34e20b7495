/* A whole firmware around a model: the blob is a constant array in flash (blob.h here declares it), the arena
 * a static array. Copy src/runtime beside it and compile *.c.
 */
#include "blob.h"
#include "firmware/semihosting.h" /* stands for the board's own console */
#include "runtime/intact.h"

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(16)));

/* Fills the input tensor: height x width x channels bytes, here a fixed pattern in place of a camera. */
static void read_sensor(const intact_tensor* input) {
  uint32_t i;
  for (i = 0; i < input->bytes; ++i) input->data[i] = (uint8_t)(i * 37u + 11u);
}

static void print_class(uint32_t index) {
  char text[] = "class 00\n";
  text[6] = (char)('0' + index / 10 % 10);
  text[7] = (char)('0' + index % 10);
  semihosting_print(text);
}

int main(void) {
  intact_model model;
  intact_tensor input;
  intact_status status;
  if (intact_check_crc(blob, sizeof blob) != INTACT_OK) return 1;
  status = intact_init(&model, blob, sizeof blob, arena, sizeof arena, INTACT_NO_WORK_LIMIT);
  if (status != INTACT_OK) {
    semihosting_print(intact_status_name(status));
    return 2;
  }
  if (intact_selftest(&model, 0) != INTACT_OK) return 3; /* the same integers as on the PC */
  input = intact_input(&model);
  read_sensor(&input);
  intact_run(&model);
  print_class(intact_argmax(&model));
  return 0;
}
