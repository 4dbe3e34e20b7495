// A model of the Cortex-M4's pipeline: cycles of executed instructions after the timing table and the load
// and store rules of its Technical Reference Manual (r0p1: Arm DDI 0439 and 100166, section 3.3).
//
// It is a model, not a measurement. It leaves out flash wait states, caches and prefetch buffers, contention
// on the buses (literal loads against fetches, write buffer), unaligned accesses and the alignment of branch
// targets. Where the manual gives a range and the trace does not decide, the constants below do.
#pragma once

#include "firmware/cycles/thumb_instruction.h"

namespace intact {

struct CortexM4Timing {
  int refill = 2;     // P, 1 to 3: "alignment and width of the target, and early speculation"
  int division = 12;  // 2 to 12, by the operands: the most
  int special = 2;    // MRS, MSR, CPS: 1 or 2
};

// Cycles of `instruction`, without the refill where it leaves the straight line. `previous`: the one executed
// right before it in a straight line; null after a refill.
//
// - A load of one register takes 2 cycles; 1 right behind another such load whose results its address does
// not
//   need. A store takes 1; with an index register 2, or 1 right behind such a load. Nothing overlaps with
//   transfers of several registers: 1 + N.
// - An address that the instruction right before computed costs 1 more.
// - IT takes no time behind a 16-bit instruction.
// - Instructions whose condition fails are priced as if it held: the trace does not tell.
int cycles_of(const ThumbInstruction& instruction, const ThumbInstruction* previous,
              const CortexM4Timing& timing = {});

}  // namespace intact
