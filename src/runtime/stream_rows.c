#include "intact_stream.h"

/* What a reader that makes rows first .. end - 1 asks of a tensor: `kept` and later rows for these and all
 * later ones, everything up to `end` for these. */
static void ask(intact_rows* rows, uint32_t kept, uint32_t end) {
  if (kept < rows->kept) rows->kept = kept;
  if (end > rows->end) rows->end = end;
}

static void ask_inputs(const uint8_t* tensors, const uint8_t* nodes, const intact_stream* stream,
                       uint32_t index, intact_rows* rows) {
  const intact_rows made = rows[index];
  const uint32_t out_height = intact_read_height(tensors, stream->first + index + 1);
  intact_node_record node;
  uint32_t i;
  intact_read_node(nodes, stream->first + index, &node);
  for (i = 0; i < node.input_count; ++i) {
    uint32_t producer;
    if (node.inputs[i] <= stream->first) continue; /* made before the stream */
    producer = node.inputs[i] - 1 - stream->first;
    if (intact_reads_same_rows(&node, i)) {
      ask(&rows[producer], made.first, made.end);
    } else {
      const uint32_t height = intact_read_height(tensors, node.inputs[i]);
      ask(&rows[producer], intact_first_read(&node.window, height, made.first),
          made.end == 0 ? 0
                        : intact_window_reads(&node.window, height, out_height, made.end - 1, made.end).end);
    }
  }
}

/* From the last node backwards: when a node's turn comes, all its readers have asked. Rows never become fewer
 * from band to band, since first, end and the rows read do not. */
void intact_next_band(const uint8_t* tensors, const uint8_t* nodes, const intact_stream* stream,
                      intact_rows rows[INTACT_STREAM_NODES]) {
  const uint32_t last = stream->last - stream->first;
  intact_tensor_record output;
  uint32_t i;
  for (i = 0; i <= last; ++i) {
    rows[i].moved = rows[i].kept;
    rows[i].first = rows[i].kept = rows[i].end;
    rows[i].end = 0;
  }
  intact_read_tensor(tensors, stream->last + 1, &output);
  rows[last].end = rows[last].first + stream->rows;
  if (rows[last].end > output.height) rows[last].end = output.height;
  for (i = last + 1; i-- > 0;) {
    intact_read_tensor(tensors, stream->first + i + 1, &output);
    if (output.rows == output.height) rows[i].kept = 0;
    rows[i].moved = rows[i].kept - rows[i].moved;
    ask_inputs(tensors, nodes, stream, i, rows);
  }
}
