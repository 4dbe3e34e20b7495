/* The loader's checks (docs/FORMAT.md, section 10). Each function assumes that those listed before it passed.
 * Bounds are compared by subtraction or in 64 bits, so that no sum wraps. Together they take time linear in
 * the blob's length.
 */
#ifndef INTACT_CHECK_H
#define INTACT_CHECK_H

#include "intact_blob.h"

typedef struct intact_section {
  uint32_t present, offset, length, records;
} intact_section;

typedef struct intact_check {
  const uint8_t* blob;
  uint32_t length;
  uint32_t arena_bytes;
  uint32_t features;
  intact_section sections[INTACT_SECTION_KINDS]; /* by type; [0] unused */
  const uint8_t *tensors, *nodes, *params;
  uint32_t tensor_count, node_count, params_bytes;
  uint64_t work, max_work;
  uint64_t macs;
  uint32_t padding_checks_left; /* rows or taps whose padding bits may still be looked at */
} intact_check;

/* A node with its tensors. */
typedef struct intact_checked_node {
  intact_node_record record;
  intact_tensor_record input[INTACT_MAX_INPUTS];
  intact_tensor_record output;
  uint32_t requantized; /* output is not int32, and the operation is not max pooling */
} intact_checked_node;

/* Fills blob, length, arena_bytes and features. */
intact_status intact_check_header(intact_check* check, const void* blob, size_t len);
/* Fills sections, tensors, nodes and params. */
intact_status intact_check_sections(intact_check* check);
intact_status intact_check_tensors(const intact_check* check);
/* All nodes; calls the functions below for each. */
intact_status intact_check_nodes(intact_check* check);

intact_status intact_check_window(const intact_checked_node* node);
intact_status intact_check_params(intact_check* check, const intact_checked_node* node);
intact_status intact_check_memory(const intact_check* check, const intact_checked_node* node);
/* Adds the node's work; refuses beyond max_work. */
intact_status intact_check_work(intact_check* check, const intact_checked_node* node);

/* These need tensors and nodes. */
/* Adds what streams move to the work; refuses beyond max_work. */
intact_status intact_check_streams(intact_check* check);
intact_status intact_check_kernels(const intact_check* check);
intact_status intact_check_names(const intact_check* check);
intact_status intact_check_golden(const intact_check* check);

/* bytes[0 .. count - 1] are all zero. */
static inline int intact_all_zero(const uint8_t* bytes, size_t count) {
  uint32_t any = 0;
  size_t i;
  for (i = 0; i < count; ++i) any |= bytes[i];
  return any == 0;
}

/* [a, a + a_len) and [b, b + b_len) share a byte; a + a_len and b + b_len do not wrap. */
static inline int intact_ranges_meet(uint32_t a, uint32_t a_len, uint32_t b, uint32_t b_len) {
  return a_len != 0 && b_len != 0 && (a < b ? b - a < a_len : a - b < b_len);
}

#endif
