/* Streams (FORMAT section 12): nodes that run together in bands of rows, so that tensors between them need
 * memory for some rows only. */
#ifndef INTACT_STREAM_H
#define INTACT_STREAM_H

#include "intact_blob.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  INTACT_MAX_BANDS = 256,
  INTACT_ROW_ALIGNMENT = 4 /* bytes: where rows that a kernel reads or writes may start in their tensor */
};

/* Input rows first .. end - 1, and the padding above and below them. */
typedef struct intact_window_rows {
  uint32_t first, end, pad_top, pad_bottom;
} intact_window_rows;

/* First row that output rows `first` and later read; first may be the output's height. Sums fit 32 bits: the
 * validator has proved out * stride <= height + both paddings + stride <= 4 * 65,535. */
static inline uint32_t intact_first_read(const intact_window* w, uint32_t height, uint32_t first) {
  const uint32_t from = first * w->stride_h;
  if (from <= w->pad_top) return 0;
  return from - w->pad_top < height ? from - w->pad_top : height;
}

/* What output rows first .. end - 1 read; none where all is padding. The output's last row takes what is left
 * of the image with it, and its padding. */
static inline intact_window_rows intact_window_reads(const intact_window* w, uint32_t height,
                                                     uint32_t out_height, uint32_t first, uint32_t end) {
  const uint32_t from = first * w->stride_h;
  const uint32_t to = (end - 1) * w->stride_h + (w->kernel_h - 1) * w->dilation_h + 1;
  intact_window_rows read;
  read.first = intact_first_read(w, height, first);
  read.pad_top = from < w->pad_top ? w->pad_top - from : 0;
  if (end == out_height) {
    read.end = height;
    read.pad_bottom = w->pad_bottom;
  } else {
    read.end = to <= w->pad_top ? 0 : to - w->pad_top;
    read.pad_bottom = read.end > height ? read.end - height : 0;
    read.end -= read.pad_bottom;
  }
  return read;
}

/* Input `input` of a node is read row by row with the output, not through the window. */
static inline int intact_reads_same_rows(const intact_node_record* node, uint32_t input) {
  return node->operation == INTACT_OP_ADD || input > 0;
}

static inline uint32_t intact_bands(uint32_t height, uint32_t rows) {
  return (height + rows - 1) / rows;
}

/* rows: those of the outputs of the stream's nodes in the band before, all zero before the first; becomes
 * those in the next band. */
void intact_next_band(const uint8_t* tensors, const uint8_t* nodes, const intact_stream* stream,
                      intact_rows rows[INTACT_STREAM_NODES]);

/* First row in memory of a tensor that a node of the stream reads or writes. */
static inline uint32_t intact_kept_row(const intact_stream* stream, const intact_rows* rows,
                                       uint32_t tensor) {
  return tensor > stream->first && tensor <= stream->last + 1 ? rows[tensor - 1 - stream->first].kept : 0;
}

/* The stream that the step belongs to; 0 where there is none. */
int intact_step_stream(const intact_model* m, const intact_step* step, intact_stream* stream);

/* The first step of node `node`, and the last node that runs with it; 0 where it runs with an earlier one. */
int intact_step_at(const intact_model* m, uint32_t node, intact_step* step, uint32_t* last);

#ifdef __cplusplus
}
#endif

#endif
