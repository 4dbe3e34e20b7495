/* The order of a run: node after node, and within a stream band after band. */
#include "intact_stream.h"

static intact_rows whole_output(const intact_model* m, uint32_t node) {
  intact_rows rows = {0, 0, 0, 0};
  rows.end = intact_read_height(m->tensors, node + 1);
  return rows;
}

/* step->stream is the first that does not end before the node. */
int intact_step_stream(const intact_model* m, const intact_step* step, intact_stream* stream) {
  if (step->stream == m->stream_count) return 0;
  intact_read_stream(m->streams, step->stream, stream);
  return step->node >= stream->first;
}

static void begin_stream(intact_step* step) {
  uint32_t i;
  for (i = 0; i < INTACT_STREAM_NODES; ++i) {
    const intact_rows none = {0, 0, 0, 0};
    step->all[i] = none;
  }
}

/* At a node that no step of this run has reached before. */
static int enter_node(const intact_model* m, intact_step* step) {
  intact_stream stream;
  if (step->node == m->node_count) return 0;
  if (intact_step_stream(m, step, &stream)) {
    begin_stream(step);
    intact_next_band(m->tensors, m->nodes, &stream, step->all);
    step->rows = step->all[0];
  } else {
    step->rows = whole_output(m, step->node);
  }
  return 1;
}

int intact_first_step(const intact_model* m, intact_step* step) {
  step->node = 0;
  step->stream = 0;
  return enter_node(m, step);
}

int intact_step_at(const intact_model* m, uint32_t node, intact_step* step, uint32_t* last) {
  intact_stream stream;
  uint32_t end = m->stream_count; /* streams from here on end at the node or behind it */
  step->node = node;
  step->stream = 0; /* streams below end before it */
  while (step->stream < end) {
    const uint32_t middle = step->stream + (end - step->stream) / 2;
    intact_read_stream(m->streams, middle, &stream);
    if (node <= stream.last)
      end = middle;
    else
      step->stream = middle + 1;
  }
  *last = node;
  if (intact_step_stream(m, step, &stream)) {
    if (node != stream.first) return 0;
    *last = stream.last;
  }
  return enter_node(m, step);
}

int intact_next_step(const intact_model* m, intact_step* step) {
  intact_stream stream;
  if (!intact_step_stream(m, step, &stream)) {
    ++step->node;
    return enter_node(m, step);
  }
  if (step->node < stream.last) {
    ++step->node;
  } else {
    if (step->rows.end == intact_read_height(m->tensors, stream.last + 1)) {
      ++step->node;
      ++step->stream;
      return enter_node(m, step);
    }
    step->node = stream.first;
    intact_next_band(m->tensors, m->nodes, &stream, step->all);
  }
  step->rows = step->all[step->node - stream.first];
  return 1;
}

intact_tensor intact_step_output(const intact_model* m, const intact_step* step) {
  return intact_rows_at(m, step->node + 1, step->rows.first - step->rows.kept,
                        step->rows.end - step->rows.first);
}
