#include "intact_kernels.h"

static int can(const intact_conv_kernel* kernel, const intact_conv* conv) {
  return kernel && kernel->scratch(conv, conv->scratch_bytes) != INTACT_CANNOT;
}

const intact_conv_kernel* intact_choose_conv(const intact_kernel_set* set, const intact_conv* conv,
                                             uint32_t wanted) {
  if (wanted > INTACT_CONV_XNOR && wanted < INTACT_CONV_KERNELS && can(set->conv[wanted], conv))
    return set->conv[wanted];
  if (can(set->conv[INTACT_CONV_XNOR], conv)) return set->conv[INTACT_CONV_XNOR];
  if (can(set->conv[INTACT_CONV_DEPTHWISE], conv)) return set->conv[INTACT_CONV_DEPTHWISE];
  return can(set->conv[INTACT_CONV_DENSE], conv) ? set->conv[INTACT_CONV_DENSE] : 0;
}
