#include "intact_blob.h"

void intact_read_tensor(const uint8_t* tensors, uint32_t index, intact_tensor_record* record) {
  const uint8_t* p = tensors + (size_t)index * INTACT_TENSOR_BYTES;
  record->height = intact_load_u32(p);
  record->width = intact_load_u32(p + 4);
  record->channels = intact_load_u32(p + 8);
  record->kind = p[12];
  record->storage_bits = p[13];
  record->bits = p[14];
  record->qmin = intact_load_i32(p + 16);
  record->qmax = intact_load_i32(p + 20);
  record->zero_point = intact_load_i32(p + 24);
  record->offset = intact_load_u32(p + 28);
  record->bytes = intact_load_u32(p + 32);
  record->rows = intact_load_u32(p + 36);
  if (record->rows == 0) record->rows = record->height;
}

uint32_t intact_read_height(const uint8_t* tensors, uint32_t index) {
  return intact_load_u32(tensors + (size_t)index * INTACT_TENSOR_BYTES);
}

void intact_read_node(const uint8_t* nodes, uint32_t index, intact_node_record* record) {
  const uint8_t* p = nodes + (size_t)index * INTACT_NODE_BYTES;
  uint32_t i;
  record->operation = intact_load_u16(p);
  record->flags = intact_load_u16(p + 2);
  record->input_count = intact_load_u16(p + 4);
  record->output = intact_load_u16(p + 6);
  for (i = 0; i < INTACT_MAX_INPUTS; ++i) record->inputs[i] = intact_load_u16(p + 8 + 2 * i);
  record->window.kernel_h = intact_load_u16(p + 24);
  record->window.kernel_w = intact_load_u16(p + 26);
  record->window.stride_h = intact_load_u16(p + 28);
  record->window.stride_w = intact_load_u16(p + 30);
  record->window.dilation_h = intact_load_u16(p + 32);
  record->window.dilation_w = intact_load_u16(p + 34);
  record->window.pad_top = intact_load_u16(p + 36);
  record->window.pad_left = intact_load_u16(p + 38);
  record->window.pad_bottom = intact_load_u16(p + 40);
  record->window.pad_right = intact_load_u16(p + 42);
  record->groups = intact_load_u32(p + 44);
  record->weight_kind = p[48];
  record->weight_storage = p[49];
  record->weight_layout = p[50];
  record->k = p[51];
  record->r = p[52];
  record->pad_code = intact_load_i32(p + 56);
  record->m_res = intact_load_i32(p + 60);
  record->weights = intact_load_u32(p + 64);
  record->weight_bytes = intact_load_u32(p + 68);
  record->multipliers = intact_load_u32(p + 72);
  record->biases = intact_load_u32(p + 76);
  record->scratch = intact_load_u32(p + 80);
  record->scratch_bytes = intact_load_u32(p + 84);
  record->weight_bits = intact_load_u32(p + 92);
  record->macs = intact_load_u64(p + 96);
}

void intact_read_stream(const uint8_t* streams, uint32_t index, intact_stream* record) {
  const uint8_t* p = streams + (size_t)index * INTACT_STREAM_BYTES;
  record->first = intact_load_u16(p);
  record->last = intact_load_u16(p + 2);
  record->rows = intact_load_u16(p + 4);
}

intact_kernel_record intact_read_kernel(const intact_model* m, uint32_t node) {
  intact_kernel_record record = {INTACT_CONV_DENSE, 0};
  if (m->kernels) {
    const uint8_t* p = m->kernels + (size_t)node * INTACT_KERNEL_BYTES;
    record.kernel = intact_load_u16(p);
    record.parameter = intact_load_u16(p + 2);
  }
  return record;
}

intact_tensor intact_tensor_at(const intact_model* m, uint32_t index) {
  intact_tensor_record record;
  intact_tensor tensor;
  intact_read_tensor(m->tensors, index, &record);
  tensor.data = m->arena + record.offset;
  tensor.bytes = record.bytes;
  tensor.height = record.rows;
  tensor.width = record.width;
  tensor.channels = record.channels;
  tensor.pixel_bytes = intact_pixel_bytes(record.channels, record.storage_bits);
  tensor.kind = record.kind;
  tensor.storage_bits = record.storage_bits;
  tensor.qmin = record.qmin;
  tensor.qmax = record.qmax;
  tensor.zero_point = record.zero_point;
  return tensor;
}

intact_tensor intact_rows_at(const intact_model* m, uint32_t index, uint32_t first, uint32_t rows) {
  intact_tensor tensor = intact_tensor_at(m, index);
  const uint32_t row_bytes = tensor.width * tensor.pixel_bytes;
  tensor.data += (size_t)first * row_bytes;
  tensor.height = rows;
  tensor.bytes = rows * row_bytes;
  return tensor;
}
