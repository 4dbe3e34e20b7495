/* Streams, FORMAT section 12. Windows, shapes and memory of the nodes have been checked before, so that the
 * arithmetic of rows does not wrap. */
#include "intact_check.h"
#include "intact_stream.h"

/* Row `row` of the memory of a tensor lies where kernels may start. */
static int starts_aligned(const intact_tensor_record* t, uint32_t row) {
  const uint32_t row_bytes = t->width * intact_pixel_bytes(t->channels, t->storage_bits);
  return row * row_bytes % INTACT_ROW_ALIGNMENT == 0; /* the remainder survives a wrap */
}

/* The rows that a node reads are some, and start where a kernel may read. That they are in memory follows
 * from how intact_next_band asks for them. */
static int input_is_valid(const intact_check* check, const intact_stream* stream, const intact_rows* rows,
                          const intact_node_record* node, uint32_t input) {
  const intact_rows* made = &rows[node->output - 1 - stream->first];
  intact_tensor_record x, y;
  uint32_t first = made->first;
  intact_read_tensor(check->tensors, node->inputs[input], &x);
  if (!intact_reads_same_rows(node, input)) {
    intact_window_rows read;
    intact_read_tensor(check->tensors, node->output, &y);
    read = intact_window_reads(&node->window, x.height, y.height, made->first, made->end);
    if (read.first >= read.end) return 0;
    first = read.first;
  }
  return starts_aligned(&x, first - intact_kept_row(stream, rows, node->inputs[input]));
}

static int band_is_valid(const intact_check* check, const intact_stream* stream, const intact_rows* rows) {
  intact_node_record node;
  intact_tensor_record output;
  uint32_t i, j;
  for (i = 0; i <= stream->last - stream->first; ++i) {
    intact_read_node(check->nodes, stream->first + i, &node);
    intact_read_tensor(check->tensors, node.output, &output);
    if (rows[i].end - rows[i].kept > output.rows) return 0;
    if (rows[i].first == rows[i].end) continue;
    if (!starts_aligned(&output, rows[i].first - rows[i].kept)) return 0;
    for (j = 0; j < node.input_count; ++j) {
      if (!input_is_valid(check, stream, rows, &node, j)) return 0;
    }
  }
  return 1;
}

/* Bytes that the band's steps move to the starts of their outputs' memory. */
static uint64_t moved_bytes(const intact_check* check, const intact_stream* stream, const intact_rows* rows) {
  uint64_t bytes = 0;
  uint32_t i;
  for (i = 0; i <= stream->last - stream->first; ++i) {
    intact_tensor_record output;
    if (rows[i].moved == 0) continue;
    intact_read_tensor(check->tensors, stream->first + i + 1, &output);
    bytes += (uint64_t)(rows[i].first - rows[i].kept) * (output.bytes / output.rows);
  }
  return bytes;
}

/* Bands until the last node's output is made; each makes at least a row of it. */
static intact_status check_bands(intact_check* check, const intact_stream* stream, uint32_t height) {
  intact_rows rows[INTACT_STREAM_NODES] = {{0, 0, 0, 0}};
  uint64_t moved;
  uint32_t band;
  for (band = 0; band < intact_bands(height, stream->rows); ++band) {
    intact_next_band(check->tensors, check->nodes, stream, rows);
    if (!band_is_valid(check, stream, rows)) return INTACT_E_STREAM;
    moved = moved_bytes(check, stream, rows);
    if (moved > check->max_work - check->work) return INTACT_E_WORK;
    check->work += moved;
  }
  return INTACT_OK;
}

/* The output may lie in place of an operand only where both are whole and their rows lie at the same places:
 * then a band's rows of the one are exactly in place of those of the other. */
static int in_place_is_valid(const intact_tensor_record* x, const intact_tensor_record* y) {
  return x->rows == x->height && y->rows == y->height &&
         intact_pixel_bytes(x->channels, x->storage_bits) == intact_pixel_bytes(y->channels, y->storage_bits);
}

/* stream: null outside. Tensors with memory for some rows are read and written within one stream; every
 * output within one but the last is read in it, so that every row of it is asked for. */
static intact_status check_node(const intact_check* check, const intact_stream* stream, uint32_t index,
                                uint32_t* read) {
  intact_node_record node;
  intact_tensor_record x, y;
  uint32_t i;
  intact_read_node(check->nodes, index, &node);
  intact_read_tensor(check->tensors, node.output, &y);
  if (y.rows != y.height && (!stream || index == stream->last)) return INTACT_E_STREAM;
  for (i = 0; i < node.input_count; ++i) {
    const uint32_t inside = stream && node.inputs[i] > stream->first;
    intact_read_tensor(check->tensors, node.inputs[i], &x);
    if (inside) *read |= 1u << (node.inputs[i] - 1 - stream->first);
    if (x.rows != x.height && !inside) return INTACT_E_STREAM;
    if (stream && intact_ranges_meet(x.offset, x.bytes, y.offset, y.bytes) && !in_place_is_valid(&x, &y))
      return INTACT_E_OVERLAP;
  }
  return INTACT_OK;
}

static intact_status check_stream(intact_check* check, const intact_stream* stream) {
  intact_tensor_record output;
  uint32_t read = 0, i;
  if (stream->last <= stream->first || stream->last >= check->node_count ||
      stream->last - stream->first >= INTACT_STREAM_NODES)
    return INTACT_E_STREAM;
  intact_read_tensor(check->tensors, stream->last + 1, &output);
  if (stream->rows == 0 || stream->rows > output.height ||
      intact_bands(output.height, stream->rows) > INTACT_MAX_BANDS)
    return INTACT_E_STREAM;
  for (i = stream->first; i <= stream->last; ++i) {
    const intact_status status = check_node(check, stream, i, &read);
    if (status != INTACT_OK) return status;
  }
  if (read != (1u << (stream->last - stream->first)) - 1) return INTACT_E_STREAM;
  return check_bands(check, stream, output.height);
}

static intact_status check_outside(const intact_check* check, uint32_t from, uint32_t to) {
  uint32_t none = 0, i;
  for (i = from; i < to; ++i) {
    const intact_status status = check_node(check, 0, i, &none);
    if (status != INTACT_OK) return status;
  }
  return INTACT_OK;
}

intact_status intact_check_streams(intact_check* check) {
  const intact_section* section = &check->sections[INTACT_SECTION_STREAMS];
  intact_tensor_record input;
  intact_status status;
  uint32_t next = 0, i; /* next: first node that is not checked yet */
  if (section->present != (check->features & INTACT_FEATURE_STREAMS)) return INTACT_E_STREAM;
  intact_read_tensor(check->tensors, 0, &input);
  if (input.rows != input.height) return INTACT_E_STREAM;
  if (!section->present) return check_outside(check, 0, check->node_count);
  if (section->records == 0 || section->length / INTACT_STREAM_BYTES != section->records ||
      section->length % INTACT_STREAM_BYTES != 0)
    return INTACT_E_SECTION;
  for (i = 0; i < section->records; ++i) {
    const uint8_t* streams = check->blob + section->offset;
    intact_stream stream;
    if (intact_load_u16(streams + (size_t)i * INTACT_STREAM_BYTES + 6) != 0) return INTACT_E_RESERVED;
    intact_read_stream(streams, i, &stream);
    if (stream.first < next || stream.first >= check->node_count) return INTACT_E_STREAM;
    if ((status = check_outside(check, next, stream.first)) != INTACT_OK) return status;
    if ((status = check_stream(check, &stream)) != INTACT_OK) return status;
    next = stream.last + 1;
  }
  return check_outside(check, next, check->node_count);
}
