/* Every kernel there is for the core that this file is compiled for. */
#include "intact_isa.h"
#include "intact_kernels.h"

const intact_kernel_set intact_all_kernels = {
    {
        [INTACT_CONV_DENSE] = &intact_conv_dense,
        [INTACT_CONV_DEPTHWISE] = &intact_conv_depthwise,
        [INTACT_CONV_XNOR] = &intact_conv_xnor,
#if INTACT_ISA_ARMV7EM
        [INTACT_CONV_DIRECT16] = &intact_conv_direct16,
        [INTACT_CONV_DEPTHWISE16] = &intact_conv_depthwise16,
#endif
#if INTACT_ISA_ARMV7EM && !INTACT_ISA_MVE
        [INTACT_CONV_POLY_POINT] = &intact_conv_poly_point,
#endif
#if INTACT_ISA_ARMV7M
        [INTACT_CONV_POLY_ROW] = &intact_conv_poly_row,
#endif
#if INTACT_ISA_MVE
        [INTACT_CONV_DIRECT8] = &intact_conv_direct8,
        [INTACT_CONV_WINOGRAD8] = &intact_conv_winograd8,
        [INTACT_CONV_PATTERN] = &intact_conv_pattern,
        [INTACT_CONV_DEPTHWISE8] = &intact_conv_depthwise8,
        [INTACT_CONV_VECTOR8] = &intact_conv_vector8,
#endif
#if !INTACT_ISA_ARMV7EM
        [INTACT_CONV_DEPTHWISE_PLAIN] = &intact_conv_depthwise_plain,
        [INTACT_CONV_VECTOR_PLAIN] = &intact_conv_vector_plain,
        [INTACT_CONV_PATTERN_PLAIN] = &intact_conv_pattern_plain,
        [INTACT_CONV_TABLE_PLAIN] = &intact_conv_table_plain,
        [INTACT_CONV_PIXEL_PAIR] = &intact_conv_pixel_pair,
        [INTACT_CONV_DIRECT_PLAIN] = &intact_conv_direct_plain,
        [INTACT_CONV_WINOGRAD_PLAIN] = &intact_conv_winograd_plain,
#endif
    },
    intact_add_run,
    intact_avg_pool,
    intact_max_pool,
};
