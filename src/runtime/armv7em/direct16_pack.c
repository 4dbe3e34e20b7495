/* Codes of up to 16 bits of a pixel in the halves of a word, both pixels of a pair at once. In assembly for
 * LDM.
 *
 *   r0 from   r1 its step   r2 to   r3 beside   r12 flip   lr pairs   r4-r11 words
 */
#include "direct16_pack.h"

#include "dsp_instructions.h"

#include "../intact_thumb.h"

#if INTACT_ISA_ARMV7EM

/* clang-format off */
__asm__(
"  .syntax unified\n"
"  .thumb\n"
"  .macro pack_begin name, words\n"
INTACT_THUMB_FUNCTION("\\name")
"  push {r4-r11, lr}\n"
"  ldrd lr, r12, [r0, #16]\n"
"  ldm r0, {r0-r3}\n"
".L\\name:\n"
"  ldm r0, {\\words}\n"
"  add r0, r0, r1\n"
"  .endm\n"
"  .macro pack_end name\n"
"  add r2, r2, r3, lsl #1\n"
"  subs lr, lr, #1\n"
"  bne.n .L\\name\n"
"  pop {r4-r11, pc}\n"
"  .size \\name, . - \\name\n"
"  .endm\n"

"  .macro pack_halves op\n"
"  lsr r5, r4, #16\n"
"  \\op r5, [r2, r3]\n"
"  \\op r4, [r2]\n"
"  .endm\n"

"  pack_begin intact_direct16_pack2_eight, r4-r11\n"
"  orr r4, r4, r5, lsl #4\n"
"  orr r8, r8, r9, lsl #4\n"
"  orr r4, r4, r6, lsl #8\n"
"  orr r8, r8, r10, lsl #8\n"
"  orr r4, r4, r7, lsl #12\n"
"  orr r8, r8, r11, lsl #12\n"
"  pkhbt r5, r4, r8, lsl #16\n"
"  pkhtb r6, r8, r4, asr #16\n"
"  str r6, [r2, r3]\n"
"  str r5, [r2]\n"
"  pack_end intact_direct16_pack2_eight\n"

"  pack_begin intact_direct16_pack2_four, r4-r7\n"
"  orr r4, r4, r5, lsl #4\n"
"  orr r4, r4, r6, lsl #8\n"
"  orr r4, r4, r7, lsl #12\n"
"  pack_halves strh\n"
"  pack_end intact_direct16_pack2_four\n"

"  pack_begin intact_direct16_pack1_eight, r4-r11\n"
"  orr r4, r11, r4, lsr #14\n"
"  orr r4, r4, r5, lsr #12\n"
"  orr r4, r4, r6, lsr #10\n"
"  orr r4, r4, r7, lsr #8\n"
"  orr r4, r4, r8, lsr #6\n"
"  orr r4, r4, r9, lsr #4\n"
"  orr r4, r4, r10, lsr #2\n"
"  eor r4, r4, r12\n"
"  pack_halves strh\n"
"  pack_end intact_direct16_pack1_eight\n"

"  pack_begin intact_direct16_pack1_four, r4-r7\n"
"  eor r4, r12, r4, lsr #14\n"
"  eor r4, r4, r5, lsr #12\n"
"  eor r4, r4, r6, lsr #10\n"
"  eor r4, r4, r7, lsr #8\n"
"  pack_halves strb\n"
"  pack_end intact_direct16_pack1_four\n"
"  .purgem pack_halves\n"
"  .purgem pack_begin\n"
"  .purgem pack_end\n"
"  .text\n");
/* clang-format on */

static void store(uint8_t* to, uint32_t codes, uint32_t bytes) {
  for (; bytes > 0; --bytes, codes >>= 8) *to++ = (uint8_t)(codes & 0xffu);
}

void intact_direct16_pack_few(const intact_direct16_words* words, uint32_t tiles, uint32_t storage) {
  const uint32_t bits = tiles * storage * 2, bytes = (bits + 7) / 8;
  const uint32_t flip = words->flip & ((1u << bits) - 1u) * 0x00010001u;
  const uint8_t* from = words->from;
  uint8_t* to = words->to;
  uint32_t pairs;
  for (pairs = words->pairs; pairs > 0; --pairs, from += words->step, to += 2 * words->beside) {
    const intact_word_alias* word = (const intact_word_alias*)(const void*)from;
    uint32_t codes = flip, i;
    for (i = 0; i < tiles; ++i) codes ^= storage == 2 ? word[i] << (4 * i) : word[i] >> (14 - 2 * i);
    store(to + words->beside, codes >> 16, bytes);
    store(to, codes, bytes);
  }
}

#endif
