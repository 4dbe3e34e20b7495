/* The records of a blob (docs/FORMAT.md) decoded from their bytes. Decoding checks nothing. */
#ifndef INTACT_BLOB_H
#define INTACT_BLOB_H

#include "intact.h"
#include "intact_bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  INTACT_HEADER_BYTES = 64,
  INTACT_SECTION_BYTES = 16,
  INTACT_TENSOR_BYTES = 48,
  INTACT_NODE_BYTES = 128,
  INTACT_MAX_SECTIONS = 64,
  INTACT_MAX_DIMENSION = 65535,
  INTACT_MAX_INPUTS = 8,
  INTACT_MIN_GOLDEN = 4,
  INTACT_KERNEL_BYTES = 8,
  INTACT_STREAM_BYTES = 8
};

enum {
  INTACT_SECTION_TENSORS = 1,
  INTACT_SECTION_NODES,
  INTACT_SECTION_PARAMS,
  INTACT_SECTION_NAMES,
  INTACT_SECTION_GOLDEN,
  INTACT_SECTION_META,
  INTACT_SECTION_KERNELS,
  INTACT_SECTION_STREAMS,
  INTACT_SECTION_KINDS
};

enum { INTACT_KIND_UNSIGNED = 0, INTACT_KIND_SIGNED = 1, INTACT_KIND_BIPOLAR = 2, INTACT_KIND_INT32 = 3 };

enum { INTACT_OP_CONV = 1, INTACT_OP_ADD = 2, INTACT_OP_AVG_POOL = 3, INTACT_OP_MAX_POOL = 4 };

enum { INTACT_FLAG_RESIDUAL = 1 };

enum { INTACT_FEATURE_STREAMS = 1 };

enum { INTACT_LAYOUT_DENSE_ROWS = 0, INTACT_LAYOUT_WORD_TAPS = 1 };

/* Section 11: numbers of the convolution kernels. */
enum {
  INTACT_CONV_DENSE = 0,      /* portable: any convolution */
  INTACT_CONV_DEPTHWISE = 1,  /* portable */
  INTACT_CONV_XNOR = 2,       /* portable */
  INTACT_CONV_DIRECT16 = 3,   /* 16-bit pairs */
  INTACT_CONV_POLY_ROW = 4,   /* polynomial products along a kernel row */
  INTACT_CONV_POLY_POINT = 5, /* polynomial products of pixels by output channels */
  INTACT_CONV_DEPTHWISE16 = 6,
  INTACT_CONV_DIRECT8 = 7,     /* 8-bit vectors */
  INTACT_CONV_WINOGRAD8 = 8,   /* F(4, 3) along rows in 8-bit vectors */
  INTACT_CONV_PATTERN = 9,     /* tables of sums over bit patterns */
  INTACT_CONV_PIXEL_PAIR = 10, /* two pixels in a word */
  INTACT_CONV_DEPTHWISE8 = 11,
  INTACT_CONV_DIRECT_PLAIN = 12,    /* 32-bit multiplications, one pixel in a word */
  INTACT_CONV_WINOGRAD_PLAIN = 13,  /* F(4, 3) along rows in 32-bit words */
  INTACT_CONV_PATTERN_PLAIN = 14,   /* tables of sums over bit patterns, in 32-bit words */
  INTACT_CONV_TABLE_PLAIN = 18,     /* tables of sums of weights, indexed by bits of the input */
  INTACT_CONV_DEPTHWISE_PLAIN = 20, /* depthwise by 32-bit multiplications */
  INTACT_CONV_VECTOR_PLAIN = 21,    /* weights multiplied as they are packed */
  INTACT_CONV_VECTOR8 = 22,         /* the same in 8-bit vectors */
  INTACT_CONV_KERNELS
};

/* Section 4. */
typedef struct intact_tensor_record {
  uint32_t height, width, channels;
  uint8_t kind, storage_bits, bits;
  int32_t qmin, qmax, zero_point;
  uint32_t offset, bytes;
  uint32_t rows; /* that there is memory for: all, or fewer */
} intact_tensor_record;

/* The window of section 5, offsets 24 to 43. */
typedef struct intact_window {
  uint32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
  uint32_t pad_top, pad_left, pad_bottom, pad_right;
} intact_window;

/* Section 5. */
typedef struct intact_node_record {
  uint32_t operation, flags, input_count, output;
  uint32_t inputs[INTACT_MAX_INPUTS];
  intact_window window;
  uint32_t groups;
  uint8_t weight_kind, weight_storage, weight_layout, k, r;
  int32_t pad_code, m_res;
  uint32_t weights, weight_bytes, multipliers, biases;
  uint32_t scratch, scratch_bytes;
  uint32_t weight_bits;
  uint64_t macs;
} intact_node_record;

/* Section 11. */
typedef struct intact_kernel_record {
  uint32_t kernel, parameter;
} intact_kernel_record;

/* Section 12. */
typedef struct intact_stream {
  uint32_t first, last; /* nodes */
  uint32_t rows;        /* of the last node's output in a band */
} intact_stream;

/* {INTACT_CONV_DENSE, 0} where the blob has no such section. */
intact_kernel_record intact_read_kernel(const intact_model* m, uint32_t node);
void intact_read_stream(const uint8_t* streams, uint32_t index, intact_stream* record);
void intact_read_tensor(const uint8_t* tensors, uint32_t index, intact_tensor_record* record);
void intact_read_node(const uint8_t* nodes, uint32_t index, intact_node_record* record);

/* Bytes of one pixel's channel vector. At most 4 * 65,535. */
static inline uint32_t intact_pixel_bytes(uint32_t channels, uint32_t storage_bits) {
  return storage_bits == 1 ? 4 * ((channels + 31) / 32) : (channels * storage_bits + 7) / 8;
}

/* Bytes of one output channel's weights; group_in: input channels of a group. Modulo 2^64 only where the true
 * number is beyond any blob. */
static inline uint64_t intact_weight_row_bytes(uint64_t taps, uint32_t group_in, uint32_t storage_bits,
                                               uint32_t layout) {
  return layout == INTACT_LAYOUT_WORD_TAPS ? taps * 4 * ((group_in + 31) / 32)
                                           : (taps * group_in * storage_bits + 7) / 8;
}

/* Of tensor `index`. */
uint32_t intact_read_height(const uint8_t* tensors, uint32_t index);

/* Tensor `index` in the model's arena: all rows that there is memory for, or `rows` of them from `first` on
 * as a tensor of that height. */
intact_tensor intact_tensor_at(const intact_model* m, uint32_t index);
intact_tensor intact_rows_at(const intact_model* m, uint32_t index, uint32_t first, uint32_t rows);

/* Bytes of a tensor or an input rounded up as GOLDEN stores them. */
static inline uint32_t intact_round_up_4(uint32_t bytes) {
  return (bytes + 3u) & ~3u;
}

#ifdef __cplusplus
}
#endif

#endif
