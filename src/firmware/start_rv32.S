/* RV32 on QEMU's virt machine: stack, traps, zeroed memory, then main. */
  .section .text.start, "ax"
  .globl board_start
board_start:
  la sp, linker_stack_top
  la t0, board_trap
  csrw mtvec, t0
  la t0, linker_bss_begin
  la t1, linker_bss_end
1:
  bgeu t0, t1, 2f
  sw zero, 0(t0)
  addi t0, t0, 4
  j 1b
2:
  call main
  call semihosting_exit

  .balign 4
board_trap:
  la sp, linker_stack_top
  call board_fault

/* uintptr_t semihosting_call(uintptr_t operation, const void* block): the three instructions mark a semihosting breakpoint; they are
 * not compressed and lie in one page. */
  .text
  .globl semihosting_call
  .balign 16
semihosting_call:
  .option push
  .option norvc
  slli zero, zero, 0x1f
  ebreak
  srai zero, zero, 7
  .option pop
  ret
