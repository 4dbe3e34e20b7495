#include "exporters/kernels/conv_shape.h"

#include "exporters/passes/tensor_memory.h"
#include "runtime/intact_stream.h"

namespace intact {
namespace {

intact_tensor tensor_shape(const TensorInfo& info) {
  intact_tensor tensor{};
  tensor.bytes = tensor_bytes(info);
  tensor.height = static_cast<std::uint32_t>(info.shape.h);
  tensor.width = static_cast<std::uint32_t>(info.shape.w);
  tensor.channels = static_cast<std::uint32_t>(info.shape.c);
  tensor.pixel_bytes = pixel_bytes(info);
  tensor.kind = static_cast<std::uint8_t>(info.grid.kind);
  tensor.storage_bits = static_cast<std::uint8_t>(info.grid.storage_bits());
  tensor.qmin = info.grid.qmin;
  tensor.qmax = info.grid.qmax;
  tensor.zero_point = info.grid.z;
  return tensor;
}

}  // namespace

intact_window window_of(const Window& w) {
  const auto to_u32 = [](int value) { return static_cast<std::uint32_t>(value); };
  return {to_u32(w.kernel_h),   to_u32(w.kernel_w),   to_u32(w.stride_h), to_u32(w.stride_w),
          to_u32(w.dilation_h), to_u32(w.dilation_w), to_u32(w.pad_top),  to_u32(w.pad_left),
          to_u32(w.pad_bottom), to_u32(w.pad_right)};
}

namespace {

intact_decoder centred(const intact_tensor& tensor) {
  return intact_make_decoder(tensor.kind, tensor.storage_bits, tensor.zero_point);
}

void cut(intact_tensor& tensor, std::uint32_t rows) {
  tensor.height = rows;
  tensor.bytes = rows * tensor.width * tensor.pixel_bytes;
}

}  // namespace

intact_conv conv_shape(const Graph& graph, const Node& node, WeightLayout layout) {
  const auto tensor = [&](int index) {
    return tensor_shape(graph.tensors.at(static_cast<std::size_t>(index)));
  };
  const IntState& state = node.state;
  intact_conv c{};
  c.input = tensor(node.inputs.at(0));
  c.output = tensor(node.output);
  c.has_residual = state.residual ? 1 : 0;
  c.residual = tensor(node.inputs.at(state.residual ? 1 : 0));
  c.residual_apart = c.residual.storage_bits != c.output.storage_bits ? 1 : 0;  // liveness.h
  c.window = window_of(state.window);
  c.decode_input = centred(c.input);
  c.decode_residual = centred(c.residual);
  c.groups = static_cast<std::uint32_t>(state.groups);
  c.group_in = c.input.channels / c.groups;
  c.group_out = c.output.channels / c.groups;
  c.taps = c.window.kernel_h * c.window.kernel_w * c.group_in;
  c.weight_kind = static_cast<std::uint32_t>(state.weight_grid.kind);
  c.weight_storage = static_cast<std::uint32_t>(state.weight_grid.storage_bits());
  c.weight_layout = static_cast<std::uint32_t>(layout);
  c.row_bytes = static_cast<std::uint32_t>(intact_weight_row_bytes(
      std::uint64_t{c.window.kernel_h} * c.window.kernel_w, c.group_in, c.weight_storage, c.weight_layout));
  c.k = static_cast<std::uint32_t>(state.q.k);
  c.m_res = state.q.m_res;
  c.pad_value = state.pad_code - c.input.zero_point;
  c.round = {static_cast<std::uint32_t>(state.q.r), c.output.qmin, c.output.qmax,
             c.output.kind == INTACT_KIND_BIPOLAR ? 1U : 0U};
  return c;
}

intact_conv conv_rows(const intact_conv& whole, std::uint32_t first, std::uint32_t end) {
  const intact_window_rows read =
      intact_window_reads(&whole.window, whole.input.height, whole.output.height, first, end);
  intact_conv part = whole;
  part.window.pad_top = read.pad_top;
  part.window.pad_bottom = read.pad_bottom;
  cut(part.input, read.end - read.first);
  cut(part.output, end - first);
  if (whole.has_residual)
    cut(part.residual, end - first);
  else
    part.residual = part.input;
  return part;
}

}  // namespace intact
