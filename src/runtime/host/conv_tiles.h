/* Convolutions for machines with vector registers and a stack of megabytes: PCs, not microcontrollers. Plain
 * C; compilers make vector products of it. What they do not compute is left to the portable kernels, which
 * call them first. Each takes up to 120 KiB of stack. */
#ifndef INTACT_CONV_TILES_H
#define INTACT_CONV_TILES_H

#include "../intact_kernels.h"

/* One group, no dilation along rows. 0 where it does not compute `c` and has done nothing. */
uint32_t intact_dense_tiles(const intact_conv* c);

/* group_in = group_out = 1, layout 0, no dilation along rows. Likewise. */
uint32_t intact_depthwise_tiles(const intact_conv* c);

#endif
