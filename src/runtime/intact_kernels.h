/* The kernels' interface: decoded, validated operands and nothing to plan. Kernels stand in folders by
 * instruction set; kernel_set.c lists those of the core that it is compiled for, choose_conv.c chooses.
 */
#ifndef INTACT_KERNELS_H
#define INTACT_KERNELS_H

#include "intact_blob.h"
#include "intact_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct intact_conv {
  intact_tensor input, output, residual; /* residual: only with has_residual */
  intact_window window;
  intact_decoder decode_input;    /* to v = q - z */
  intact_decoder decode_residual; /* likewise */
  uint32_t has_residual;
  uint32_t residual_apart;              /* the output shares no byte with the residual */
  uint32_t groups, group_in, group_out; /* channels of one group */
  uint32_t taps;                        /* K = kernel_h kernel_w group_in */
  uint32_t weight_kind, weight_storage, weight_layout;
  uint32_t row_bytes; /* of one output channel's weights */
  const uint8_t *weights, *multipliers, *biases;
  uint32_t k;
  int32_t m_res;
  int32_t pad_value; /* pad_code - z */
  intact_round round;
  uint8_t* scratch; /* a multiple of 16; at least 2 K bytes */
  uint32_t scratch_bytes;
  uint32_t parameter; /* of the kernel that the blob names (FORMAT section 11); 0 without */
} intact_conv;

#define INTACT_CANNOT UINT64_MAX

/* Whether a pixel's channels need not be finished before the next pixel's: no residual, one apart, or one
 * whose codes lie where the output's do. */
static inline uint32_t intact_any_order(const intact_conv* c) {
  return !c->has_residual || c->residual_apart || c->residual.storage_bits == c->output.storage_bits;
}

/* A way to compute convolutions, exact wherever `scratch` allows it.
 *
 * scratch: bytes of scratch that it wants for `conv`, as much as it has use for but at most `limit`;
 * INTACT_CANNOT where it does not compute this convolution or needs more. Reads shapes, kinds, bits, strides
 * and parameter, never memory: exporters call it before there is an arena, with all pointers null. No sum in
 * it may wrap for any validated convolution.
 * run: computes with conv->scratch_bytes, for which `scratch` gave not INTACT_CANNOT. Unless residual_apart
 * the output may lie in place of the residual: each element is read before its byte is written. So a kernel
 * that does not finish a pixel's channels before the next pixel's refuses what intact_any_order refuses.
 */
typedef struct intact_conv_kernel {
  uint64_t (*scratch)(const intact_conv* conv, uint64_t limit);
  void (*run)(const intact_conv* conv);
} intact_conv_kernel;

typedef struct intact_pool {
  intact_tensor input, output;
  intact_window window;
  intact_decoder decode_input; /* average: to v = q - z; maximum: to q */
  uint32_t k;
  int32_t m, b;
  intact_round round;
} intact_pool;

typedef struct intact_add {
  intact_tensor output;
  uint32_t count;
  const uint8_t* data[INTACT_MAX_INPUTS];
  uint32_t pixel_bytes[INTACT_MAX_INPUTS];
  intact_decoder decode[INTACT_MAX_INPUTS]; /* to v = q - z */
  int32_t m[INTACT_MAX_INPUTS];
  int32_t b;
  intact_round round;
} intact_add;

/* What a program has linked: convolution kernels by their number in FORMAT section 11 (null: absent), and the
 * other operations. Absent operations are null too; intact_init_with refuses a model that needs one. */
struct intact_kernel_set {
  const intact_conv_kernel* conv[INTACT_CONV_KERNELS];
  void (*add)(const intact_add* add);
  void (*avg_pool)(const intact_pool* pool);
  void (*max_pool)(const intact_pool* pool);
};
typedef struct intact_kernel_set intact_kernel_set;

/* The kernel that computes `conv`: the wanted one if it is linked and can, else (and where a portable one is
 * wanted) XNOR, depthwise or dense, the first that can; null if there is none. */
const intact_conv_kernel* intact_choose_conv(const intact_kernel_set* set, const intact_conv* conv,
                                             uint32_t wanted);

/* INTACT_E_KERNEL unless every node's kernel is in m->set. */
intact_status intact_check_linked(const intact_model* m);

/* Portable C. Dense: any convolution. Depthwise: groups = input channels = output channels, layout 0. XNOR:
 * layout 1, bipolar input, one group, at least 2 input channels. */
extern const intact_conv_kernel intact_conv_dense, intact_conv_depthwise, intact_conv_xnor;
/* Armv7E-M. Pairs of 16 bits: groups of whole bytes of channels and an even number of output channels each,
 * or one group. */
extern const intact_conv_kernel intact_conv_direct16;
/* Armv8.1-M with MVE. Byte lanes: groups = 1, a residual only with the output's storage bits. */
extern const intact_conv_kernel intact_conv_direct8;
/* Inputs of 1 bit, bipolar weights, stride 1, groups = 1, word taps or rows of whole groups of 4 channels. */
extern const intact_conv_kernel intact_conv_pattern;
/* F(4, 3) along rows in byte lanes: 3x3, stride and dilation 1, inputs of at most 4 bits, groups = 1, a
 * residual only with the output's storage bits; weights of 8 bits with parameter 1 (plan_winograd8.h). */
extern const intact_conv_kernel intact_conv_winograd8;
/* Byte lanes for depthwise: group_in = group_out = 1, layout 0, a residual as there. */
extern const intact_conv_kernel intact_conv_depthwise8;
/* Byte lanes against weights as they are packed: groups = 1, layout 1 only of 1x1. For a few pixels. */
extern const intact_conv_kernel intact_conv_vector8;
/* Armv7E-M. Depthwise: group_in = group_out = 1, layout 0, a residual only with the output's storage bits. */
extern const intact_conv_kernel intact_conv_depthwise16;
/* Polynomial products along rows: groups = 1, kernels 3 wide, strides of 1 and 2 along rows, no dilation, a
 * residual only with the output's storage bits. */
extern const intact_conv_kernel intact_conv_poly_row;
/* The same of pixels by output channels: groups = 1, inputs of up to 4 bits, any window, a residual only with
 * the output's storage bits or apart. */
extern const intact_conv_kernel intact_conv_poly_point;
/* Cores without 16-bit pairs. 32-bit multiplications. Pixel pair: parameter: pixels in a word. */
extern const intact_conv_kernel intact_conv_direct_plain, intact_conv_pixel_pair;
/* The same by F(4, 3) along rows: groups = 1, kernels three columns wide, stride and dilation 1. */
extern const intact_conv_kernel intact_conv_winograd_plain;
/* 1-bit input and weights by tables: groups = 1, up to three kernel rows, stride and dilation 1. */
extern const intact_conv_kernel intact_conv_pattern_plain;
/* The same for depthwise: group_in = group_out = 1, layout 0. Parameter: pixels in a word. */
extern const intact_conv_kernel intact_conv_depthwise_plain;
/* Inputs and weights of at most 4 bits by tables: groups = 1, up to 16 kernel rows. */
extern const intact_conv_kernel intact_conv_table_plain;
/* Any convolution of a few pixels, layout 0: weights are multiplied as they are packed. */
extern const intact_conv_kernel intact_conv_vector_plain;
/* Planning stands in portable C for kernels of any instruction set, so that exporters on a host can ask. */
uint64_t intact_conv_dense_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_depthwise_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_xnor_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_direct16_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_depthwise16_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_poly_row_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_poly_point_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_direct8_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_winograd8_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_pattern_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_depthwise8_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_vector8_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_direct_plain_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_pixel_pair_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_winograd_plain_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_pattern_plain_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_depthwise_plain_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_table_plain_scratch(const intact_conv* conv, uint64_t limit);
uint64_t intact_conv_vector_plain_scratch(const intact_conv* conv, uint64_t limit);
void intact_add_run(const intact_add* add);
void intact_avg_pool(const intact_pool* pool);
void intact_max_pool(const intact_pool* pool);

/* sum patch[i] w[i] modulo 2^32 over count codes packed from bit 0 of `row`; |patch[i]| < 2^15. */
uint32_t intact_dot_w8(const intact_i16* patch, const uint8_t* row, uint32_t count);
uint32_t intact_dot_w4(const intact_i16* patch, const uint8_t* row, uint32_t count);
uint32_t intact_dot_w2(const intact_i16* patch, const uint8_t* row, uint32_t count);
uint32_t intact_dot_w1(const intact_i16* patch, const uint8_t* row, uint32_t count);

/* The part of a window that lies inside the image in one direction: taps first .. last - 1, the first at
 * position `at`. */
typedef struct intact_span {
  uint32_t first, last;
  int32_t origin; /* position of tap 0, may be negative */
} intact_span;

/* Output position `out` of a window with `kernel` taps over `size` positions. All values fit an int32: the
 * validator has proved out * stride + dilation * (kernel - 1) < size + both paddings <= 3 * 65,535. */
static inline intact_span intact_inside(uint32_t out, uint32_t stride, uint32_t pad, uint32_t dilation,
                                        uint32_t kernel, uint32_t size) {
  intact_span span;
  int32_t position;
  span.origin = (int32_t)(out * stride) - (int32_t)pad;
  position = span.origin;
  span.first = 0;
  while (span.first < kernel && position < 0) {
    ++span.first;
    position += (int32_t)dilation;
  }
  span.last = span.first;
  while (span.last < kernel && position < (int32_t)size) {
    ++span.last;
    position += (int32_t)dilation;
  }
  return span;
}

/* Turns accumulator `acc` of output channel `o` into its code; residual_pixel: the residual's pixel, read
 * where there is one. */
static inline uint32_t intact_conv_code(const intact_conv* c, uint32_t acc, uint32_t o,
                                        const uint8_t* residual_pixel) {
  const int32_t b = intact_load_i32(c->biases + (size_t)o * 4);
  uint32_t t;
  if (c->output.storage_bits == 32) return acc + (uint32_t)b;
  t = intact_scale(acc, c->k, intact_load_i32(c->multipliers + (size_t)o * 4), b);
  if (c->has_residual) t += intact_mul(intact_decode_at(&c->decode_residual, residual_pixel, o), c->m_res);
  return intact_round_code(&c->round, t);
}

static inline const uint8_t* intact_residual_pixel(const intact_conv* c, uint32_t pixel) {
  if (c->has_residual) return c->residual.data + (size_t)pixel * c->residual.pixel_bytes;
  return 0; /* NOLINT(modernize-use-nullptr): C, though C++ reads it too */
}

#ifdef __cplusplus
}
#endif

#endif
