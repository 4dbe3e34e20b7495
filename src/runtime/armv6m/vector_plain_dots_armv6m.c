/* In assembly since gcc 12 keeps the constants in memory and loads values one by one.
 *
 *   r0 row   r1 values   r2 a word's terms   r3 the word   r4 mask   r5 a run's sum   r6, r7 values
 *   r8 total   r9 flip   r10 start   r12 end of the row
 */
#include "../intact_thumb.h"
#include "../intact_vector_plain.h"

#if INTACT_ISA_ARMV6M

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
   /* Two products. */
"  .macro intact_vector_terms shift\n"
"  .if \\shift == 0\n"
"  mov r2, r3\n"
"  .else\n"
"  lsrs r2, r3, #\\shift\n"
"  .endif\n"
"  ands r2, r2, r4\n"
"  .endm\n"
"  .macro intact_vector_two shift, storage\n"
"  ldmia r1!, {r6, r7}\n"
"  intact_vector_terms \\shift\n"
"  muls r6, r2, r6\n"
"  adds r5, r5, r6\n"
"  intact_vector_terms (\\shift+\\storage)\n"
"  muls r7, r2, r7\n"
"  adds r5, r5, r7\n"
"  .endm\n"
"  .macro intact_vector_two_apart shift, storage\n"
"  ldmia r1!, {r6, r7}\n"
"  intact_vector_terms \\shift\n"
"  muls r6, r2, r6\n"
"  add r6, r10\n"
"  lsrs r6, r6, #24\n"
"  adds r5, r5, r6\n"
"  intact_vector_terms (\\shift+\\storage)\n"
"  muls r7, r2, r7\n"
"  add r7, r10\n"
"  lsrs r7, r7, #24\n"
"  adds r5, r5, r7\n"
"  .endm\n"
"  .macro intact_vector_two_positive shift, storage\n"
"  ldmia r1!, {r6, r7}\n"
"  intact_vector_terms \\shift\n"
"  muls r6, r2, r6\n"
"  lsrs r6, r6, #24\n"
"  adds r5, r5, r6\n"
"  intact_vector_terms (\\shift+\\storage)\n"
"  muls r7, r2, r7\n"
"  lsrs r7, r7, #24\n"
"  adds r5, r5, r7\n"
"  .endm\n"
"  .macro intact_vector_next_word\n"
"  ldmia r0!, {r3}\n"
"  mov r2, r9\n"
"  eors r3, r3, r2\n"
"  .endm\n"
"  .macro intact_vector_products how, storage, terms\n"
"  .set intact_vector_shift, 0\n"
"  .rept 16 / (\\storage * \\terms)\n"
"  \\how intact_vector_shift, \\storage\n"
"  .set intact_vector_shift, intact_vector_shift + 2 * \\storage\n"
"  .endr\n"
"  .endm\n"
"  .macro intact_vector_enter name\n"
INTACT_THUMB_FUNCTION("\\name")
"  push {r4-r7, lr}\n"
"  mov r4, r8\n"
"  mov r5, r9\n"
"  mov r6, r10\n"
"  push {r4-r6}\n"
   /* A copy of the job: flip 0, mask 4, start 8, rows 12, values 16, words 20, step 24, sums 28, count 32. */
"  sub sp, #36\n"
"  mov r1, sp\n"
"  ldmia r0!, {r4-r7}\n"
"  stmia r1!, {r4-r7}\n"
"  mov r9, r4\n"
"  mov r10, r6\n"
"  ldmia r0!, {r3, r4, r6, r7}\n"
"  stmia r1!, {r3, r4, r6, r7}\n"
"  ldr r3, [r0]\n"
"  str r3, [r1]\n"
"  mov r4, r5\n"
"0:\n"
"  ldr r0, [sp, #12]\n"
"  ldr r1, [sp, #24]\n"
"  adds r1, r1, r0\n"
"  str r1, [sp, #12]\n"
"  ldr r1, [sp, #20]\n"
"  lsls r1, r1, #2\n"
"  adds r1, r1, r0\n"
"  mov r12, r1\n"
"  ldr r1, [sp, #16]\n"
"  .endm\n"
   /* A row's sum is in r5. */
"  .macro intact_vector_leave name\n"
"  ldr r6, [sp, #28]\n"
"  ldr r7, [r6]\n"
"  adds r7, r7, r5\n"
"  stmia r6!, {r7}\n"
"  str r6, [sp, #28]\n"
"  ldr r7, [sp, #32]\n"
"  subs r7, r7, #1\n"
"  str r7, [sp, #32]\n"
"  beq 2f\n"
"  b 0b\n"
"2:\n"
"  add sp, #36\n"
"  pop {r4-r6}\n"
"  mov r8, r4\n"
"  mov r9, r5\n"
"  mov r10, r6\n"
"  pop {r4-r7, pc}\n"
"  .size \\name, . - \\name\n"
"  .endm\n"
"  .macro intact_vector_words name, storage, terms\n"
"  intact_vector_enter \\name\n"
"  mov r5, r10\n"
"1:\n"
"  intact_vector_next_word\n"
"  intact_vector_products intact_vector_two, \\storage, \\terms\n"
"  cmp r0, r12\n"
"  bne 1b\n"
"  lsrs r5, r5, #(32 - 32 / \\terms)\n"
"  intact_vector_leave \\name\n"
"  .endm\n"
"  .macro intact_vector_word name, storage, terms\n"
"  intact_vector_enter \\name\n"
"  movs r5, #0\n"
"  mov r8, r5\n"
"1:\n"
"  intact_vector_next_word\n"
"  mov r5, r10\n"
"  intact_vector_products intact_vector_two, \\storage, \\terms\n"
"  lsrs r5, r5, #(32 - 32 / \\terms)\n"
"  add r8, r5\n"
"  cmp r0, r12\n"
"  bne 1b\n"
"  mov r5, r8\n"
"  intact_vector_leave \\name\n"
"  .endm\n"
"  .macro intact_vector_product name, how, storage\n"
"  intact_vector_enter \\name\n"
"  movs r5, #0\n"
"1:\n"
"  intact_vector_next_word\n"
"  intact_vector_products \\how, \\storage, 4\n"
"  cmp r0, r12\n"
"  bne 1b\n"
"  intact_vector_leave \\name\n"
"  .endm\n"
"  intact_vector_words intact_vector_plain_words_4_2_armv6m, 4, 2\n"
"  intact_vector_words intact_vector_plain_words_4_4_armv6m, 4, 4\n"
"  intact_vector_words intact_vector_plain_words_2_2_armv6m, 2, 2\n"
"  intact_vector_words intact_vector_plain_words_2_4_armv6m, 2, 4\n"
"  intact_vector_words intact_vector_plain_words_1_2_armv6m, 1, 2\n"
"  intact_vector_words intact_vector_plain_words_1_4_armv6m, 1, 4\n"
"  intact_vector_word intact_vector_plain_word_4_2_armv6m, 4, 2\n"
"  intact_vector_word intact_vector_plain_word_4_4_armv6m, 4, 4\n"
"  intact_vector_word intact_vector_plain_word_2_2_armv6m, 2, 2\n"
"  intact_vector_word intact_vector_plain_word_2_4_armv6m, 2, 4\n"
"  intact_vector_word intact_vector_plain_word_1_2_armv6m, 1, 2\n"
"  intact_vector_word intact_vector_plain_word_1_4_armv6m, 1, 4\n"
"  intact_vector_product intact_vector_plain_product_4_armv6m, intact_vector_two_apart, 4\n"
"  intact_vector_product intact_vector_plain_positive_4_armv6m, intact_vector_two_positive, 4\n"
"  intact_vector_product intact_vector_plain_product_2_armv6m, intact_vector_two_apart, 2\n"
"  intact_vector_product intact_vector_plain_positive_2_armv6m, intact_vector_two_positive, 2\n"
"  intact_vector_product intact_vector_plain_product_1_armv6m, intact_vector_two_apart, 1\n"
"  intact_vector_product intact_vector_plain_positive_1_armv6m, intact_vector_two_positive, 1\n"
"  .purgem intact_vector_terms\n"
"  .purgem intact_vector_two\n"
"  .purgem intact_vector_two_apart\n"
"  .purgem intact_vector_two_positive\n"
"  .purgem intact_vector_next_word\n"
"  .purgem intact_vector_products\n"
"  .purgem intact_vector_enter\n"
"  .purgem intact_vector_leave\n"
"  .purgem intact_vector_words\n"
"  .purgem intact_vector_word\n"
"  .purgem intact_vector_product\n"
"  .text\n"
);
/* clang-format on */

typedef void job_function(const intact_vector_plain_job* job);

job_function intact_vector_plain_words_4_2_armv6m, intact_vector_plain_words_4_4_armv6m,
    intact_vector_plain_words_2_2_armv6m, intact_vector_plain_words_2_4_armv6m,
    intact_vector_plain_words_1_2_armv6m, intact_vector_plain_words_1_4_armv6m,
    intact_vector_plain_word_4_2_armv6m, intact_vector_plain_word_4_4_armv6m,
    intact_vector_plain_word_2_2_armv6m, intact_vector_plain_word_2_4_armv6m,
    intact_vector_plain_word_1_2_armv6m, intact_vector_plain_word_1_4_armv6m,
    intact_vector_plain_product_4_armv6m, intact_vector_plain_positive_4_armv6m,
    intact_vector_plain_product_2_armv6m, intact_vector_plain_positive_2_armv6m,
    intact_vector_plain_product_1_armv6m, intact_vector_plain_positive_1_armv6m;

/* By 4, 2 and 1 bits. */
static uint32_t row_of(uint32_t storage) {
  return storage == 4 ? 0 : 3 - storage;
}

void intact_vector_plain_by_words(const intact_vector_plain_job* job) {
  static job_function* const functions[3][2] = {
      {intact_vector_plain_words_4_2_armv6m, intact_vector_plain_words_4_4_armv6m},
      {intact_vector_plain_words_2_2_armv6m, intact_vector_plain_words_2_4_armv6m},
      {intact_vector_plain_words_1_2_armv6m, intact_vector_plain_words_1_4_armv6m}};
  functions[row_of(job->storage)][job->terms == 4](job);
}

void intact_vector_plain_by_word(const intact_vector_plain_job* job) {
  static job_function* const functions[3][2] = {
      {intact_vector_plain_word_4_2_armv6m, intact_vector_plain_word_4_4_armv6m},
      {intact_vector_plain_word_2_2_armv6m, intact_vector_plain_word_2_4_armv6m},
      {intact_vector_plain_word_1_2_armv6m, intact_vector_plain_word_1_4_armv6m}};
  functions[row_of(job->storage)][job->terms == 4](job);
}

void intact_vector_plain_by_product(const intact_vector_plain_job* job) {
  static job_function* const functions[3][2] = {
      {intact_vector_plain_product_4_armv6m, intact_vector_plain_positive_4_armv6m},
      {intact_vector_plain_product_2_armv6m, intact_vector_plain_positive_2_armv6m},
      {intact_vector_plain_product_1_armv6m, intact_vector_plain_positive_1_armv6m}};
  functions[row_of(job->storage)][job->start == 0](job);
}

#endif
