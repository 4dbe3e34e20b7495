/* Functions whose cycles on a Cortex-M4 follow from its reference manual by hand: tests/firmware/cycles/calls_test.cpp.
 * void timing_NAME(uint32_t rounds, uint32_t* memory): memory[0] is the address of memory. */
  .syntax unified
  .thumb
  .text

  .macro begin name
  .balign 4
  .globl timing_\name
  .type timing_\name, %function
  .thumb_func
timing_\name:
  .endm

  .macro again
  subs r0, r0, #1
  bne 1b
  .endm

  begin additions
1:
  adds r2, r2, #1
  adds r3, r3, #1
  add.w r12, r12, #1
  eors r2, r3
  again
  bx lr

  begin products
1:
  mul r2, r3, r2
  mla r2, r3, r2, r12
  smull r2, r3, r2, r3
  umlal r2, r3, r2, r3
  smlad r2, r3, r2, r12
  again
  bx lr

  begin loads
1:
  ldr r2, [r1, #4]
  ldr r3, [r1, #8]
  ldrb.w r12, [r1, #12]
  again
  bx lr

  begin pointer_chain
1:
  ldr r1, [r1]
  ldr r1, [r1]
  ldr r2, [r1, #4]
  again
  bx lr

  begin load_store
  movs r3, #0
1:
  ldr r2, [r1, r3]
  str r2, [r1, #20]
  ldr r2, [r1, r3]
  str.w r2, [r1, r3]
  again
  bx lr

  begin stores
  movs r3, #8
1:
  str r2, [r1, #4]
  str r2, [r1, r3]
  ldr r2, [r1]
  again
  bx lr

  begin address
1:
  add.w r3, r1, #4
  ldr r2, [r3]
  adds r3, r3, #4
  nop
  ldr r2, [r3]
  again
  bx lr

  begin several
  push {r4, r5, r6, r7, lr}
1:
  ldrd r2, r3, [r1]
  strd r2, r3, [r1, #8]
  ldm r1, {r3, r4, r5}
  stm.w r1, {r2, r3, r4, r5}
  ldr r2, [r1]
  again
  pop {r4, r5, r6, r7, pc}

  begin division
  movs r3, #7
1:
  udiv r2, r1, r3
  again
  bx lr

  /* The condition holds in rounds 10 to 6. */
  begin condition
1:
  cmp r0, #5
  it gt
  addgt r2, r2, #1
  cmp.w r0, #5
  ite gt
  addgt r2, r2, #1
  addle r2, r2, #2
  again
  bx lr

  begin branches
1:
  cbz r0, 2f
  cmp r0, #3
  bls 2f
  b 3f
2:
  nop
3:
  again
  bx lr

  begin calls
  push {r4, lr}
1:
  bl timing_leaf
  again
  pop {r4, pc}

  begin leaf
  movs r2, #1
  bx lr

  begin table
1:
  and r2, r0, #1
  tbb [pc, r2]
2:
  .byte (3f - 2b) / 2
  .byte (4f - 2b) / 2
3:
  nop
4:
  again
  bx lr

  /* Longer than any block of the emulator: pages of code end inside. */
  begin long
1:
  .rept 700
  ldr r2, [r1, #4]
  .endr
  subs r0, r0, #1
  bne.w 1b
  bx lr
