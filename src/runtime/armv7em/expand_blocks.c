/* In assembly for STM and for both loops, over the blocks of two runs and over the runs, in fourteen
 * registers:
 *
 *   r0 frame   r1, r2 from   r3 to   r4 mask   r5 rotation   r6 blocks left   r7 addend   r8-r12, lr values
 *
 * A word with codes j and j + d at the same place of its halves leaves them as a pair where it is masked,
 * rotated to the right by as many bits as bring code j to its place. Such words of a block u, by storage and
 * distance d:
 *
 *   8 bits, d = 2: each of its two words; d = 4: their lower halves and their upper halves
 *   4 bits, d = 4: u; d = 2: bits 0 to 15 and, as the upper half, 8 to 23; then bits 8 to 23 and 16 to 31
 *   2 bits, d = 4: u OR 2^8 u; d = 2: u OR 2^12 u
 *   1 bit, d = 4: u OR 2^12 u; d = 2: u OR 2^14 u
 *
 * Bipolar codes at the top of their halfwords are the two bits 01 for 1 and 11 for -1. Two blocks of both
 * runs fill a word; its complement beside ones holds these two bits of every second code, and no halfword is
 * added to.
 */
#include "expand_blocks.h"

#include "../intact_isa.h"
#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

typedef struct frame {
  const uint8_t* from[2];
  intact_word_alias* to;
  uint32_t mask, rotate, blocks;
  uint32_t addend, flip;
  ptrdiff_t also;             /* bytes */
  ptrdiff_t from_gap, to_gap; /* bytes from the end of a run to the next one's start */
  uintptr_t end;              /* where `to` stands behind the last run */
  uint32_t again;             /* blocks */
  uint32_t loop;              /* to jump to */
} frame;

/* A variant that pairs of blocks have at place 2; elsewhere it is the one below 16 that it leaves. */
enum { BIPOLAR = 16 + 7 };

/* loop: its place in the table of loops. */
void intact_expand_blocks_loop(frame* f, uint32_t loop);

#pragma GCC diagnostic ignored \
    "-Woverlength-strings" /* of one function's assembly, in one piece to keep its order */
/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"

/* What the frame holds, from behind `blocks` on. */
"  .equ blocks_addend, 0\n"
"  .equ blocks_flip, 4\n"
"  .equ blocks_also, 8\n"
"  .equ blocks_gaps, 12\n"
"  .equ blocks_end, 20\n"
"  .equ blocks_loop, 28\n"

"  .macro blocks_flip add\n"
"  .if \\add\n"
"  ldr r10, [r0, #blocks_flip]\n"
"  eor r8, r8, r10\n"
"  eor r9, r9, r10\n"
"  .endif\n"
"  .endm\n"
"  .macro blocks_add add, regs:vararg\n"
"  .if \\add\n"
"  .irp reg, \\regs\n"
"  uadd16 \\reg, \\reg, r7\n"
"  .endr\n"
"  .endif\n"
"  .endm\n"
/* to = the pairs of `from` rotated by `bits`, less than 64. */
"  .macro blocks_mask to, from, bits\n"
"  .if (\\bits) & 31\n"
"  and \\to, r4, \\from, ror #((\\bits) & 31)\n"
"  .else\n"
"  and \\to, r4, \\from\n"
"  .endif\n"
"  .endm\n"

/* Words x, x + 1 of both runs, of what is rotated by a and b bits in r8, r9. */
"  .macro blocks_put place, add, a, b\n"
"  .if \\place == 4\n"
"  blocks_mask r10, r8, \\a\n"
"  blocks_mask r11, r9, \\a\n"
"  blocks_add \\add, r10, r11\n"
"  strd r10, r11, [r3], #16\n"
"  strd r10, r11, [lr], #16\n"
"  blocks_mask r10, r8, \\b\n"
"  blocks_mask r11, r9, \\b\n"
"  blocks_add \\add, r10, r11\n"
"  strd r10, r11, [r3], #16\n"
"  strd r10, r11, [lr], #16\n"
"  .else\n"
"  blocks_mask r10, r8, \\a\n"
"  blocks_mask r11, r9, \\a\n"
"  blocks_mask r12, r8, \\b\n"
"  blocks_mask lr, r9, \\b\n"
"  blocks_store \\place, \\add\n"
"  .endif\n"
"  .endm\n"
"  .macro blocks_store place, add\n"
"  blocks_add \\add, r10, r11, r12, lr\n"
"  .if \\place == 2\n"
"  stm r3!, {r10, r11, r12, lr}\n"
"  .else\n"
"  str r11, [r3, #12]\n"
"  str r12, [r3, #24]\n"
"  str lr, [r3, #36]\n"
"  str r10, [r3], #48\n"
"  .endif\n"
"  .endm\n"

/* turn: by how much codes at the top of their halfwords are rotated, or 0: as r5 says. */
"  .macro blocks_turn turn, regs:vararg\n"
"  .ifeq \\turn\n"
"  .irp reg, \\regs\n"
"  ror \\reg, \\reg, r5\n"
"  .endr\n"
"  .endif\n"
"  .endm\n"
/* One block of both runs. */
"  .macro blocks_word place, add, turn, load, step, shift, a, b, c, d\n"
"  \\load r8, [r1], #\\step\n"
"  \\load r9, [r2], #\\step\n"
"  .if \\shift\n"
"  orr r8, r8, r8, lsl #\\shift\n"
"  orr r9, r9, r9, lsl #\\shift\n"
"  .endif\n"
"  .if \\step > 1\n" /* one bit has no sign to flip */
"  blocks_flip \\add\n"
"  .endif\n"
"  blocks_turn \\turn, r8, r9\n"
"  blocks_put \\place, \\add, \\a+\\turn, \\b+\\turn\n"
"  .if \\c\n"
"  blocks_put \\place, \\add, \\c+\\turn, \\d+\\turn\n"
"  .endif\n"
"  .endm\n"
/* Words 0 and 1 of what is rotated by a and b bits in r12, lr, then words 2 and 3 by c and d in r8, r9. */
"  .macro blocks_put_crossed place, add, a, b, c, d\n"
"  blocks_mask r10, r12, \\a\n"
"  blocks_mask r11, lr, \\a\n"
"  blocks_mask r12, r12, \\b\n"
"  blocks_mask lr, lr, \\b\n"
"  blocks_store \\place, \\add\n"
"  blocks_put \\place, \\add, \\c, \\d\n"
"  .endm\n"
"  .macro blocks_crossed_nibbles place, add, turn\n"
"  ldr r8, [r1], #4\n"
"  ldr r9, [r2], #4\n"
"  blocks_flip \\add\n"
"  pkhbt r12, r8, r8, lsl #8\n"
"  pkhbt lr, r9, r9, lsl #8\n"
"  pkhtb r8, r8, r8, asr #8\n"
"  pkhtb r9, r9, r9, asr #8\n"
"  blocks_turn \\turn, r8, r9, r12, lr\n"
"  blocks_put_crossed \\place, \\add, \\turn, 4+\\turn, 8+\\turn, 12+\\turn\n"
"  .endm\n"
"  .macro blocks_crossed_bytes place, add, turn\n"
"  ldr r8, [r1], #4\n"
"  ldr r11, [r1], #4\n"
"  ldr r9, [r2], #4\n"
"  ldr r12, [r2], #4\n"
"  blocks_flip \\add\n"
"  .if \\add\n"
"  eor r11, r11, r10\n"
"  eor r12, r12, r10\n"
"  .endif\n"
"  pkhbt lr, r9, r12, lsl #16\n"
"  pkhtb r9, r12, r9, asr #16\n"
"  pkhbt r12, r8, r11, lsl #16\n"
"  pkhtb r8, r11, r8, asr #16\n"
"  blocks_turn \\turn, r8, r9, r12, lr\n"
"  blocks_put_crossed \\place, \\add, \\turn, 8+\\turn, \\turn, 8+\\turn\n"
"  .endm\n"

/* `distance`, `storage`: of the codes, in bits the latter. */
"  .macro blocks_variant place, distance, storage, add\n"
".Lblocks_\\place\\()_\\distance\\()_\\storage\\()_\\add\\():\n"
"  .if \\place == 4\n"
"  ldr lr, [r0, #blocks_also]\n"
"  add lr, lr, r3\n"
"  .endif\n"
"1:\n"
"  .if \\distance == 2\n"
"  .if \\storage == 8\n"
"  blocks_word \\place, \\add, 0, ldr, 4, 0, 0, 8, 0, 0\n"
"  blocks_word \\place, \\add, 0, ldr, 4, 0, 0, 8, 0, 0\n"
"  .elseif \\storage == 4\n"
"  blocks_crossed_nibbles \\place, \\add, 20*(1-\\add)\n"
"  .elseif \\storage == 2\n"
"  blocks_word \\place, \\add, 18*(1-\\add), ldrh, 2, 12, 0, 2, 8, 10\n"
"  .else\n"
"  blocks_word \\place, \\add, 17*(1-\\add), ldrb, 1, 14, 0, 1, 4, 5\n"
"  .endif\n"
"  .elseif \\storage == 8\n"
"  blocks_crossed_bytes \\place, \\add, 24*(1-\\add)\n"
"  .elseif \\storage == 4\n"
"  blocks_word \\place, \\add, 0, ldr, 4, 0, 0, 4, 8, 12\n"
"  .elseif \\storage == 2\n"
"  blocks_word \\place, \\add, 0, ldrh, 2, 8, 0, 2, 4, 6\n"
"  .else\n"
"  blocks_word \\place, \\add, 0, ldrb, 1, 12, 0, 1, 2, 3\n"
"  .endif\n"
"  subs r6, r6, #1\n"
"  bne.w 1b\n"
"  b.w .Lblocks_end\n"
"  .endm\n"

/* Two blocks of both runs, d = 2, place 2; r7: the mask. */
"  .macro blocks_bipolar_words turn\n"
"  and r4, r7, r10, ror #((\\turn) & 31)\n"
"  and r5, r7, r11, ror #((\\turn + 2) & 31)\n"
"  and r8, r7, r12, ror #((\\turn) & 31)\n"
"  and r9, r7, lr, ror #((\\turn + 2) & 31)\n"
"  stm r3!, {r4, r5, r8, r9}\n"
"  .endm\n"
"  .macro blocks_bipolar\n"
".Lblocks_bipolar:\n"
"  ldrh r8, [r1], #2\n"
"  ldrh r9, [r2], #2\n"
"  mov.w r5, #0x55555555\n"
"  orr r8, r8, r9, lsl #16\n"
"  orn r9, r5, r8\n"
"  orn r8, r5, r8, lsl #1\n"
"  pkhbt r10, r8, r8, lsl #14\n"
"  pkhtb r11, r8, r8, asr #14\n"
"  pkhbt r12, r9, r9, lsl #14\n"
"  pkhtb lr, r9, r9, asr #14\n"
"  .irp code, 0, 4, 8, 12\n"
"  blocks_bipolar_words 18+\\code\n"
"  .endr\n"
"  subs r6, r6, #1\n"
"  bne.w .Lblocks_bipolar\n"
"  b.w .Lblocks_end\n"
"  .endm\n"

"  .macro blocks_entry place, distance, storage\n"
"  .word .Lblocks_\\place\\()_\\distance\\()_\\storage\\()_0 - .Lblocks_variants\n"
"  .word .Lblocks_\\place\\()_\\distance\\()_\\storage\\()_1 - .Lblocks_variants\n"
"  .endm\n"

INTACT_THUMB_FUNCTION("intact_expand_blocks_loop")
"  push {r4-r11, lr}\n"
"  adr.w r2, .Lblocks_variants\n"
"  ldr r3, [r2, r1, lsl #2]\n"
"  add r12, r2, r3\n"
"  orr r12, r12, #1\n"
"  ldm r0!, {r1-r6}\n"
"  str r12, [r0, #blocks_loop]\n"
"  ldr r7, [r0, #blocks_addend]\n"
"  bx r12\n"
".Lblocks_end:\n"
"  ldrd r8, r9, [r0, #blocks_gaps]\n"
"  ldrd r10, r6, [r0, #blocks_end]\n"
"  add r1, r1, r8\n"
"  add r2, r2, r8\n"
"  add r3, r3, r9\n"
"  cmp r3, r10\n"
"  beq 1f\n"
"  ldr pc, [r0, #blocks_loop]\n"
"1:\n"
"  pop {r4-r11, pc}\n"
"  .balign 4\n"
".Lblocks_variants:\n"
"  .irp storage, 8, 4, 2, 1\n"
"  blocks_entry 2, 2, \\storage\n"
"  .endr\n"
"  .irp storage, 8, 4, 2, 1\n"
"  blocks_entry 2, 4, \\storage\n"
"  .endr\n"
"  .irp storage, 8, 4, 2, 1\n"
"  blocks_entry 6, 2, \\storage\n"
"  .endr\n"
"  .irp storage, 8, 4, 2, 1\n"
"  blocks_entry 6, 4, \\storage\n"
"  .endr\n"
"  blocks_entry 4, 2, 8\n"
"  .irp storage, 4, 2, 1\n"
"  blocks_entry 4, 4, \\storage\n"
"  .endr\n"
"  .word .Lblocks_bipolar - .Lblocks_variants\n"
"  blocks_bipolar\n"
"  .irp add, 0, 1\n"
"  .irp storage, 8, 4, 2, 1\n"
"  blocks_variant 2, 2, \\storage, \\add\n"
"  blocks_variant 2, 4, \\storage, \\add\n"
"  blocks_variant 6, 2, \\storage, \\add\n"
"  blocks_variant 6, 4, \\storage, \\add\n"
"  .endr\n"
"  blocks_variant 4, 2, 8, \\add\n"
"  .irp storage, 4, 2, 1\n"
"  blocks_variant 4, 4, \\storage, \\add\n"
"  .endr\n"
"  .endr\n"
"  .size intact_expand_blocks_loop, . - intact_expand_blocks_loop\n"
"  .purgem blocks_flip\n"
"  .purgem blocks_add\n"
"  .purgem blocks_mask\n"
"  .purgem blocks_turn\n"
"  .purgem blocks_put\n"
"  .purgem blocks_store\n"
"  .purgem blocks_word\n"
"  .purgem blocks_put_crossed\n"
"  .purgem blocks_crossed_nibbles\n"
"  .purgem blocks_crossed_bytes\n"
"  .purgem blocks_bipolar_words\n"
"  .purgem blocks_bipolar\n"
"  .purgem blocks_variant\n"
"  .purgem blocks_entry\n"
"  .text\n"
);
/* clang-format on */

/* Loops by place, distance, storage from 8 bits down, and whether anything is flipped or added; at place 4
 * only those of values, whose storage tells the distance. Where weights have not the values' storage and
 * nothing is added, codes are at the top of their halfwords. */
uint32_t intact_expand_blocks_variant(const intact_pairs* p) {
  const uint32_t storage = p->storage == 8 ? 0 : p->storage == 4 ? 1 : p->storage == 2 ? 2 : 3;
  const uint32_t distance = p->order == INTACT_ORDER_DISTANCE_2 ? 0 : 1;
  const uint32_t others = (storage == 0) == (distance == 1), top = p->rotate == 16 + p->storage;
  const uint32_t added = (p->flip | p->addend) != 0 || (others && !top);
  if (storage == 3 && distance == 0 && top && p->addend == 0xc000c000u) return BIPOLAR;
  return distance * 8 + storage * 2 + added;
}

void intact_expand_blocks(const intact_pairs* p, const intact_pair_runs* runs, uint32_t place,
                          ptrdiff_t also) {
  const uint32_t blocks = runs->count / 8, bytes = blocks * p->storage;
  const uint32_t skip = runs->first * p->storage / 8;
  const uint32_t bipolar = p->variant == BIPOLAR && place == 2 && blocks % 2 == 0;
  frame f;
  f.from[0] = runs->from[0] + skip;
  f.from[1] = runs->from[1] + skip;
  f.to = runs->to;
  f.mask = p->mask;
  f.rotate = p->rotate;
  f.blocks = f.again = bipolar ? blocks / 2 : blocks;
  f.addend = p->addend;
  f.flip = p->flip;
  f.also = also * 4;
  f.from_gap = runs->from_step - (ptrdiff_t)bytes;
  f.to_gap = runs->to_step * 4 - (ptrdiff_t)(blocks * 16 * place);
  f.end = (uintptr_t)runs->to + (uintptr_t)runs->to_step * 4 * runs->times;
  f.loop = 0;
  if (bipolar)
    intact_expand_blocks_loop(&f, 40);
  else
    intact_expand_blocks_loop(&f, place == 4 ? 32 + p->variant % 8 : (place == 6 ? 16 : 0) + p->variant % 16);
}

#endif
