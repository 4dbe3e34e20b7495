/* In assembly since gcc 12 mixes the kernel rows' products and keeps a third of
 * the operands on the stack.
 *
 *   r0-r2 three words   r3 where they are   r4-r7 sums   r8-r10 weights of a
 * kernel row   r11 where they are r12 start   lr from behind a quad's six words
 * to the next row's stack: sums 0, end of the row's sums 4, words 8
 */
#include "../intact_depthwise_plain.h"
#include "../intact_thumb.h"

#if INTACT_DEPTHWISE_PLAIN_3X3

typedef struct row_job {
  const intact_plain_word* words;
  const uint32_t* weights;
  intact_plain_word* sums;
  intact_plain_word* end;
  uint32_t next, start;
} row_job;

void intact_depthwise_plain_row_armv7m(const row_job* job);

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro intact_depthwise_plain_kernel_row\n"
"  ldmia r11!, {r8-r10}\n"
"  ldmia r3!, {r0-r2}\n"
"  mla r4, r0, r8, r4\n"
"  mla r5, r1, r8, r5\n"
"  mla r6, r2, r8, r6\n"
"  mla r4, r1, r9, r4\n"
"  mla r5, r2, r9, r5\n"
"  mla r4, r2, r10, r4\n"
"  ldmia r3!, {r0-r2}\n"
"  mla r5, r0, r10, r5\n"
"  mla r6, r0, r9, r6\n"
"  mla r7, r0, r8, r7\n"
"  mla r6, r1, r10, r6\n"
"  mla r7, r1, r9, r7\n"
"  mla r7, r2, r10, r7\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_depthwise_plain_row_armv7m")
"  push {r4-r11, lr}\n"
"  sub sp, #12\n"
"  ldmia r0!, {r3, r11}\n"
"  ldmia r0, {r1, r2, r4, r12}\n"
"  strd r1, r2, [sp]\n"
"  str r3, [sp, #8]\n"
"  mov lr, r4\n"
"1:\n"
"  mov r4, r12\n"
"  mov r5, r12\n"
"  mov r6, r12\n"
"  mov r7, r12\n"
"  intact_depthwise_plain_kernel_row\n"
"  add r3, lr\n"
"  intact_depthwise_plain_kernel_row\n"
"  add r3, lr\n"
"  intact_depthwise_plain_kernel_row\n"
"  sub r11, #36\n"
"  ldrd r0, r1, [sp]\n"
"  ldr r3, [sp, #8]\n"
"  add r3, #16\n"
"  str r3, [sp, #8]\n"
"  stmia r0!, {r4-r7}\n"
"  str r0, [sp]\n"
"  cmp r0, r1\n"
"  bne 1b\n"
"  add sp, #12\n"
"  pop {r4-r11, pc}\n"
"  .size intact_depthwise_plain_row_armv7m, . - intact_depthwise_plain_row_armv7m\n"
"  .purgem intact_depthwise_plain_kernel_row\n"
"  .text\n"
);
/* clang-format on */

void intact_depthwise_plain_sweep_3x3(const intact_depthwise_plain_job* job) {
  uint32_t weights[9], i;
  row_job row;
  for (i = 0; i < 9; ++i) weights[i] = job->taps[i].weight;
  row.words = job->words;
  row.weights = weights;
  row.sums = job->sums;
  row.next = job->taps[3].offset - 24;
  row.start = job->start;
  for (i = 0; i < job->rows; ++i) {
    row.end = row.sums + 4 * job->quads;
    intact_depthwise_plain_row_armv7m(&row);
    row.words += job->words_step / 4;
    row.sums += job->sums_step / 4;
  }
}

#endif
