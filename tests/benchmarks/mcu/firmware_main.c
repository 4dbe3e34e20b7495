/* The smallest firmware of a model: its size is what scripts/code_size.sh reports. */
#include "model.h"
#include "runtime/intact.h"

static uint8_t arena[MODEL_ARENA_BYTES] __attribute__((aligned(16)));

int main(void) {
  intact_model m;
#ifdef EVERY_KERNEL
  if (intact_init(&m, model, sizeof model, arena, sizeof arena, INTACT_NO_WORK_LIMIT) != INTACT_OK) return 1;
#else
  if (intact_init_with(&m, model, sizeof model, arena, sizeof arena, INTACT_NO_WORK_LIMIT, &model_kernels) !=
      INTACT_OK)
    return 1;
#endif
  intact_run(&m);
  return (int)intact_argmax(&m);
}
