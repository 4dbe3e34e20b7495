/* In assembly since the loops keep all fourteen registers: gcc 12 spills accumulators within them.
 *
 *   r0-r3 values   r4-r7 accumulators: pixel 0 channels 0 and 1, pixel 1 channels 0 and 1   r8-r11 weights
 *   r12 next value   lr next weight
 *
 * The first step of a tile has no addends. The others are unrolled, and the first
 * round enters at such a step that the last one ends at the loop's end. What changes with the layer stands in
 * the argument on the stack, addresses to jump to among it.
 */
#include "direct16_tiles.h"

#include "../intact_isa.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

typedef struct frame {
  const uint8_t *values, *end;  /* of the pair at hand */
  uint32_t first, next, finish; /* jumps: into the first round, from a round's end, from the last's */
  uint8_t* to[2];
  const uint8_t* weights;
  uint32_t value_step, to_step, pairs;
  uint32_t least, spare, back;
} frame;

/* entry: bytes from the first step of the first round to the loop's end. The frame lies whole on the stack,
 * at 36 behind the saved registers. */
void intact_direct16_patch_loop(uint32_t entry, uint32_t finish, uint32_t one_round, uint32_t unused,
                                frame f);
void intact_direct16_rows_loop(uint32_t entry, uint32_t finish, uint32_t one_round, uint32_t unused, frame f);

/* The registers' arguments are not used. */
typedef void four_loop(uint32_t unused0, uint32_t unused1, uint32_t unused2, uint32_t unused3, frame f);
four_loop intact_direct16_four_8, intact_direct16_four_4, intact_direct16_four_2, intact_direct16_four_1,
    intact_direct16_four_bipolar;

enum { PATCH_UNROLL = 8, PATCH_STEP_CODE = 40, ROWS_UNROLL = 8, ROWS_STEP_CODE = 60 };

#pragma GCC diagnostic ignored \
    "-Woverlength-strings" /* of one function's assembly, in one piece to keep its order */
/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"

"  .equ direct16_values, 36\n"
"  .equ direct16_end, 40\n"
"  .equ direct16_first, 44\n"
"  .equ direct16_next, 48\n"
"  .equ direct16_finish, 52\n"
"  .equ direct16_to, 56\n"
"  .equ direct16_weights, 64\n"
"  .equ direct16_value_step, 68\n"
"  .equ direct16_to_step, 72\n"
"  .equ direct16_pairs, 76\n"
"  .equ direct16_least, 80\n"
"  .equ direct16_spare, 84\n"
"  .equ direct16_back, 88\n"

"  .macro direct16_begin name\n"
INTACT_THUMB_FUNCTION("\\name")
"  push {r4-r11, lr}\n"
"  adr.w r3, .L\\name\\()_end\n"
"  subs r0, r3, r0\n"
"  orr r0, r0, #1\n"
"  str r0, [sp, #direct16_first]\n"
"  adr.w r3, .L\\name\\()_finishes\n"
"  ldr r1, [r3, r1, lsl #2]\n"
"  add r1, r1, r3\n"
"  orr r1, r1, #1\n"
"  str r1, [sp, #direct16_finish]\n"
"  cbnz r2, 1f\n"
"  adr.w r1, .L\\name\\()_more\n"
"  orr r1, r1, #1\n"
"1:\n"
"  str r1, [sp, #direct16_next]\n"
".L\\name\\()_pair:\n"
"  ldr lr, [sp, #direct16_weights]\n"
"  ldr r11, [sp, #direct16_end]\n"
".L\\name\\()_tile:\n"
"  ldr r12, [sp, #direct16_values]\n"
"  .endm\n"

/* The tile's multipliers, biases and distance; t of the four accumulators, in r4-r7. */
"  .macro direct16_scale\n"
"  ldm lr!, {r0-r3, r8}\n"
"  smmla r4, r4, r0, r2\n"
"  smmla r5, r5, r1, r3\n"
"  smmla r6, r6, r0, r2\n"
"  smmla r7, r7, r1, r3\n"
"  .endm\n"
/* t >> 16: of the pixels in r4 and r6, their channels side by side; of the channels in r4 and r5, their pixels
 * side by side. */
"  .macro direct16_by_pixel\n"
"  direct16_scale\n"
"  pkhtb r4, r5, r4, asr #16\n"
"  pkhtb r6, r7, r6, asr #16\n"
"  .endm\n"
"  .macro direct16_by_channel\n"
"  direct16_scale\n"
"  pkhtb r4, r6, r4, asr #16\n"
"  pkhtb r5, r7, r5, asr #16\n"
"  .endm\n"
/* Two unsigned codes of `bits` bits in each of r4, r6, side by side. */
"  .macro direct16_codes bits, distance\n"
"  usat16 r4, #\\bits, r4\n"
"  usat16 r6, #\\bits, r6\n"
"  ldrd r9, r10, [sp, #direct16_to]\n"
"  orr r4, r4, r4, lsr #\\distance\n"
"  orr r6, r6, r6, lsr #\\distance\n"
"  .endm\n"
/* The finishes of direct16_tiles.h, but for the sums. */
"  .macro direct16_finish_8\n"
"  direct16_by_pixel\n"
"  direct16_codes 8, 8\n"
"  strh r4, [r9, r8]\n"
"  strh r6, [r10, r8]\n"
"  .endm\n"
"  .macro direct16_finish_8_clamped\n"
"  direct16_by_pixel\n"
"  ldrd r0, r1, [sp, #direct16_least]\n"
"  ldr r2, [sp, #direct16_back]\n"
"  qsub16 r4, r4, r0\n"
"  qsub16 r6, r6, r0\n"
"  direct16_codes 8, 8\n"
"  uqadd8 r4, r4, r1\n"
"  uqadd8 r6, r6, r1\n"
"  usub8 r4, r4, r2\n"
"  usub8 r6, r6, r2\n"
"  strh r4, [r9, r8]\n"
"  strh r6, [r10, r8]\n"
"  .endm\n"
"  .macro direct16_finish_4\n"
"  direct16_by_pixel\n"
"  direct16_codes 4, 12\n"
"  strb r4, [r9, r8]\n"
"  strb r6, [r10, r8]\n"
"  .endm\n"
/* Words of both pixels: channel 1 above channel 0. */
"  .macro direct16_finish_2\n"
"  direct16_by_channel\n"
"  usat16 r4, #2, r4\n"
"  usat16 r5, #2, r5\n"
"  ldr r9, [sp, #direct16_to]\n"
"  orr r4, r4, r5, lsl #2\n"
"  str r4, [r9, r8]\n"
"  .endm\n"
"  .macro direct16_finish_1\n"
"  direct16_by_channel\n"
"  usat16 r4, #1, r4\n"
"  usat16 r5, #1, r5\n"
"  ldr r9, [sp, #direct16_to]\n"
"  orr r4, r4, r5, lsl #1\n"
"  lsl r4, r4, #14\n"
"  str r4, [r9, r8]\n"
"  .endm\n"
"  .macro direct16_finish_bipolar\n"
"  direct16_by_channel\n"
"  and r4, r4, #0x80008000\n"
"  and r5, r5, #0x80008000\n"
"  ldr r9, [sp, #direct16_to]\n"
"  orr r4, r5, r4, lsr #1\n"
"  str r4, [r9, r8]\n"
"  .endm\n"

/* Behind the last tile of a pair of pixels. */
"  .macro direct16_pair_end name\n"
"  ldrd r0, r1, [sp, #direct16_values]\n"
"  ldrd r2, r3, [sp, #direct16_value_step]\n"
"  ldrd r4, r5, [sp, #direct16_to]\n"
"  ldr r6, [sp, #direct16_pairs]\n"
"  add r0, r0, r2\n"
"  add r1, r1, r2\n"
"  add r4, r4, r3\n"
"  add r5, r5, r3\n"
"  strd r0, r1, [sp, #direct16_values]\n"
"  strd r4, r5, [sp, #direct16_to]\n"
"  subs r6, r6, #1\n"
"  str r6, [sp, #direct16_pairs]\n"
"  bne.w .L\\name\\()_pair\n"
"  pop {r4-r11, pc}\n"
"  .endm\n"

"  .macro direct16_end name\n"
".L\\name\\()_end:\n"
"  ldr pc, [sp, #direct16_next]\n"
".L\\name\\()_sums:\n"
"  ldm lr!, {r0-r3, r8}\n"
"  ldrd r9, r10, [sp, #direct16_to]\n"
"  add r9, r9, r8\n"
"  add r10, r10, r8\n"
"  strd r4, r5, [r9]\n"
"  strd r6, r7, [r10]\n"
"  cmp r8, #0\n"
"  bne.w .L\\name\\()_tile\n"
"  b.w .L\\name\\()_pair_end\n"
"  .irp finish, 8, 8_clamped, 4, 2, 1, bipolar\n"
".L\\name\\()_\\finish\\():\n"
"  direct16_finish_\\finish\n"
"  cmp r8, #0\n"
"  bne.w .L\\name\\()_tile\n"
"  b.w .L\\name\\()_pair_end\n"
"  .endr\n"
".L\\name\\()_pair_end:\n"
"  direct16_pair_end \\name\n"
"  .balign 4\n"
".L\\name\\()_finishes:\n"
"  .word .L\\name\\()_sums - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_8 - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_8_clamped - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_4 - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_2 - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_1 - .L\\name\\()_finishes\n"
"  .word .L\\name\\()_bipolar - .L\\name\\()_finishes\n"
"  .size \\name, . - \\name\n"
"  .endm\n"

"  .macro direct16_patch_first\n"
"  ldm lr!, {r8-r11}\n"
"  ldm r12!, {r0-r3}\n"
"  smuad r4, r0, r8\n"
"  smuad r5, r0, r9\n"
"  smuad r6, r1, r8\n"
"  smuad r7, r1, r9\n"
"  direct16_patch_second\n"
"  .endm\n"
"  .macro direct16_patch_step\n"
"  ldm r12!, {r0-r3}\n"
"  ldm lr!, {r8-r11}\n"
"  smlad r4, r0, r8, r4\n"
"  smlad r5, r0, r9, r5\n"
"  smlad r6, r1, r8, r6\n"
"  smlad r7, r1, r9, r7\n"
"  direct16_patch_second\n"
"  .endm\n"
"  .macro direct16_patch_second\n"
"  smlad r4, r2, r10, r4\n"
"  smlad r5, r2, r11, r5\n"
"  smlad r6, r3, r10, r6\n"
"  smlad r7, r3, r11, r7\n"
"  .endm\n"

"  direct16_begin intact_direct16_patch_loop\n"
"  direct16_patch_first\n"
"  ldr pc, [sp, #direct16_first]\n"
".Lintact_direct16_patch_loop_more:\n"
"  ldr r0, [sp, #direct16_end]\n"
"  cmp r12, r0\n"
"  bne 1f\n"
"  ldr pc, [sp, #direct16_finish]\n"
"1:\n"
"  .rept 8\n"
"  direct16_patch_step\n"
"  .endr\n"
"  direct16_end intact_direct16_patch_loop\n"

/* Four steps of a patch, nothing to jump to: 16 channels of one tap. */
"  .macro direct16_four finish\n"
INTACT_THUMB_FUNCTION("intact_direct16_four_\\finish")
"  push {r4-r11, lr}\n"
".Lfour_\\finish\\()_pair:\n"
"  ldr lr, [sp, #direct16_weights]\n"
".Lfour_\\finish\\()_tile:\n"
"  ldr r12, [sp, #direct16_values]\n"
"  direct16_patch_first\n"
"  .rept 3\n"
"  direct16_patch_step\n"
"  .endr\n"
"  direct16_finish_\\finish\n"
"  cmp r8, #0\n"
"  bne.w .Lfour_\\finish\\()_tile\n"
"  direct16_pair_end four_\\finish\n"
"  .size intact_direct16_four_\\finish, . - intact_direct16_four_\\finish\n"
"  .endm\n"
"  .irp finish, 8, 4, 2, 1, bipolar\n"
"  direct16_four \\finish\n"
"  .endr\n"

/* r11, set for each pair: where the values end. */
"  direct16_begin intact_direct16_rows_loop\n"
"  ldm lr!, {r8-r10}\n"
"  ldm r12!, {r0-r3}\n"
"  smuad r4, r0, r8\n"
"  smuad r6, r1, r8\n"
"  smlad r6, r2, r9, r6\n"
"  smlad r4, r1, r9, r4\n"
"  smlad r6, r3, r10, r6\n"
"  smlad r4, r2, r10, r4\n"
"  ldm lr!, {r8-r10}\n"
"  smuad r5, r0, r8\n"
"  smuad r7, r1, r8\n"
"  smlad r5, r1, r9, r5\n"
"  smlad r7, r2, r9, r7\n"
"  smlad r5, r2, r10, r5\n"
"  smlad r7, r3, r10, r7\n"
"  ldr pc, [sp, #direct16_first]\n"
".Lintact_direct16_rows_loop_more:\n"
"  cmp r12, r11\n"
"  bne 1f\n"
"  ldr pc, [sp, #direct16_finish]\n"
"1:\n"
"  .rept 8\n"
"  ldm r12!, {r0-r3}\n"
"  ldm lr!, {r8-r10}\n"
"  smlad r4, r0, r8, r4\n"
"  smlad r6, r1, r8, r6\n"
"  smlad r4, r1, r9, r4\n"
"  smlad r6, r2, r9, r6\n"
"  smlad r4, r2, r10, r4\n"
"  smlad r6, r3, r10, r6\n"
"  ldm lr!, {r8-r10}\n"
"  smlad r5, r0, r8, r5\n"
"  smlad r7, r1, r8, r7\n"
"  smlad r5, r1, r9, r5\n"
"  smlad r7, r2, r9, r7\n"
"  smlad r5, r2, r10, r5\n"
"  smlad r7, r3, r10, r7\n"
"  .endr\n"
"  direct16_end intact_direct16_rows_loop\n"
"  .purgem direct16_begin\n"
"  .purgem direct16_scale\n"
"  .purgem direct16_by_pixel\n"
"  .purgem direct16_by_channel\n"
"  .purgem direct16_codes\n"
"  .irp finish, 8, 8_clamped, 4, 2, 1, bipolar\n"
"  .purgem direct16_finish_\\finish\n"
"  .endr\n"
"  .purgem direct16_pair_end\n"
"  .purgem direct16_end\n"
"  .purgem direct16_patch_first\n"
"  .purgem direct16_patch_step\n"
"  .purgem direct16_patch_second\n"
"  .purgem direct16_four\n"
"  .text\n"
);
/* clang-format on */

static frame frame_of(const intact_direct16_tiles* tiles) {
  frame f;
  f.values = tiles->values;
  f.end = tiles->values + (size_t)tiles->steps * 16;
  f.first = f.next = f.finish = 0;
  f.to[0] = tiles->to[0];
  f.to[1] = tiles->to[1];
  f.weights = tiles->weights;
  f.value_step = tiles->value_step;
  f.to_step = tiles->to_step;
  f.pairs = tiles->pairs;
  f.least = tiles->least;
  f.spare = tiles->spare;
  f.back = tiles->back;
  return f;
}

/* Steps of the first round: the others are whole. */
static uint32_t first_round(uint32_t steps, uint32_t unroll) {
  const uint32_t rest = steps - 1;
  return rest == 0 ? 0 : (rest - 1) % unroll + 1;
}

/* Null: none of its own. */
static four_loop* four_loop_of(uint32_t finish) {
  switch (finish) {
    case INTACT_FINISH_8:
      return intact_direct16_four_8;
    case INTACT_FINISH_4:
      return intact_direct16_four_4;
    case INTACT_FINISH_2:
      return intact_direct16_four_2;
    case INTACT_FINISH_1:
      return intact_direct16_four_1;
    case INTACT_FINISH_BIPOLAR:
      return intact_direct16_four_bipolar;
    default:
      return 0;
  }
}

void intact_direct16_patch(const intact_direct16_tiles* tiles) {
  four_loop* const four = tiles->steps == 4 ? four_loop_of(tiles->finish) : 0;
  if (four) {
    four(0, 0, 0, 0, frame_of(tiles));
    return;
  }
  intact_direct16_patch_loop(first_round(tiles->steps, PATCH_UNROLL) * PATCH_STEP_CODE, tiles->finish,
                             tiles->steps <= PATCH_UNROLL + 1, 0, frame_of(tiles));
}

void intact_direct16_rows(const intact_direct16_tiles* tiles) {
  intact_direct16_rows_loop(first_round(tiles->steps, ROWS_UNROLL) * ROWS_STEP_CODE, tiles->finish,
                            tiles->steps <= ROWS_UNROLL + 1, 0, frame_of(tiles));
}

#endif
