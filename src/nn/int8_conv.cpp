#include "nn/int8_conv.h"

#include <ATen/Parallel.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;

// The float values are integers within the byte's range.
INTACT_TARGET_CLONES
void to_bytes(const float* __restrict from, std::uint8_t* __restrict to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(from[i]));
}

void to_bytes_in_parallel(const float* from, std::uint8_t* to, std::int64_t n) {
  at::parallel_for(0, n, 65536, [&](std::int64_t begin, std::int64_t end) {
    to_bytes(from + begin, to + begin, end - begin);
  });
}

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

bool multiplies_without_saturation() {
  static const bool able = [] {
    const dnnl::cpu_isa isa = dnnl::get_effective_cpu_isa();
    const auto has = [&](dnnl::cpu_isa level) {
      return (static_cast<unsigned>(isa) & static_cast<unsigned>(level)) == static_cast<unsigned>(level);
    };
    return has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
  }();
  return able;
}

std::atomic<bool> enabled{true};

struct Shape8 {
  Dims source, weights, target, strides, dilates, pad_begin, pad_end;
  Type source_type;
};

#if DNNL_VERSION_MAJOR >= 3
dnnl::convolution_forward::primitive_desc describe(const Shape8& s) {
  const dnnl::memory::desc source(s.source, s.source_type, Tag::nhwc), target(s.target, Type::f32, Tag::nhwc),
      weights(s.weights, Type::s8, Tag::any);
  return {engine(),
          dnnl::prop_kind::forward_inference,
          dnnl::algorithm::convolution_direct,
          source,
          weights,
          target,
          s.strides,
          s.dilates,
          s.pad_begin,
          s.pad_end};
}
#else
dnnl::convolution_forward::primitive_desc describe(const Shape8& s) {
  const dnnl::memory::desc source(s.source, s.source_type, Tag::nhwc), target(s.target, Type::f32, Tag::nhwc),
      weights(s.weights, Type::s8, Tag::any);
  return {{dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source, weights, target,
           s.strides, s.dilates, s.pad_begin, s.pad_end},
          engine()};
}
#endif

// A convolution of one shape, ready to run. Not for several threads at once.
class Int8Conv {
 public:
  Int8Conv(const Shape8& shape, bool grouped)
      : stream_(engine()),
        description_(describe(shape)),
        plain_weights_({shape.weights, Type::s8, grouped ? Tag::gohwi : Tag::ohwi}, engine(), nullptr),
        weights_(description_.weights_desc(), engine()),
        source_(description_.src_desc(), engine(), nullptr),
        target_(description_.dst_desc(), engine(), nullptr),
        reorder_(plain_weights_, weights_),
        convolution_(description_) {}

  void run(std::uint8_t* source, std::uint8_t* weights, float* target) {
    plain_weights_.set_data_handle(weights);
    source_.set_data_handle(source);
    target_.set_data_handle(target);
    reorder_.execute(stream_, plain_weights_, weights_);
    convolution_.execute(stream_,
                         {{DNNL_ARG_SRC, source_}, {DNNL_ARG_WEIGHTS, weights_}, {DNNL_ARG_DST, target_}});
    stream_.wait();
  }

 private:
  dnnl::stream stream_;
  dnnl::convolution_forward::primitive_desc description_;
  dnnl::memory plain_weights_, weights_, source_, target_;
  dnnl::reorder reorder_;
  dnnl::convolution_forward convolution_;
};

torch::Tensor forward_int8(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& g,
                           bool source_is_signed) {
  const Window& n = g.window;
  const std::int64_t out_h = output_extent(static_cast<int>(x.size(2)), n.kernel_h, n.stride_h, n.dilation_h,
                                           n.pad_top, n.pad_bottom);
  const std::int64_t out_w = output_extent(static_cast<int>(x.size(3)), n.kernel_w, n.stride_w, n.dilation_w,
                                           n.pad_left, n.pad_right);
  const std::int64_t out = w.size(0), in = w.size(1);
  Shape8 s;
  s.source = {x.size(0), x.size(1), x.size(2), x.size(3)};
  s.weights = {out, in, n.kernel_h, n.kernel_w};
  if (g.groups > 1) s.weights = {g.groups, out / g.groups, in, n.kernel_h, n.kernel_w};
  s.target = {x.size(0), out, out_h, out_w};
  s.strides = {n.stride_h, n.stride_w};
  s.dilates = {n.dilation_h - 1, n.dilation_w - 1};
  s.pad_begin = {n.pad_top, n.pad_left};
  s.pad_end = {n.pad_bottom, n.pad_right};
  s.source_type = source_is_signed ? Type::s8 : Type::u8;

  static std::mutex mutex;
  static std::map<std::vector<std::int64_t>, std::unique_ptr<Int8Conv>> known;
  std::vector<std::int64_t> key{source_is_signed, at::get_num_threads()};
  for (const Dims* dims : {&s.source, &s.weights, &s.strides, &s.dilates, &s.pad_begin, &s.pad_end})
    key.insert(key.end(), dims->begin(), dims->end());
  const std::lock_guard lock(mutex);
  std::unique_ptr<Int8Conv>& convolution = known[key];
  if (!convolution) convolution = std::make_unique<Int8Conv>(s, g.groups > 1);

  const auto layout = torch::MemoryFormat::ChannelsLast;
  const torch::Tensor values = x.contiguous(layout), weights = w.contiguous(layout);
  torch::Tensor source = torch::empty({values.numel()}, torch::kUInt8);
  torch::Tensor bytes = torch::empty({weights.numel()}, torch::kUInt8);
  to_bytes_in_parallel(values.data_ptr<float>(), source.data_ptr<std::uint8_t>(), values.numel());
  to_bytes_in_parallel(weights.data_ptr<float>(), bytes.data_ptr<std::uint8_t>(), weights.numel());
  torch::Tensor y = torch::empty({s.target[0], out, out_h, out_w}, x.options(), layout);
  convolution->run(source.data_ptr<std::uint8_t>(), bytes.data_ptr<std::uint8_t>(), y.data_ptr<float>());
  return y;
}

class Int8ConvFunction : public torch::autograd::Function<Int8ConvFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& w, const ConvGeometry& g, bool source_is_signed) {
    context->save_for_backward({x, w});
    const Window& n = g.window;
    context->saved_data["geometry"] = std::vector<std::int64_t>{
        n.stride_h, n.stride_w, n.pad_top, n.pad_left, n.dilation_h, n.dilation_w, g.groups};
    return forward_int8(x, w, g, source_is_signed);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    const std::vector<std::int64_t> g = context->saved_data["geometry"].toIntVector();
    auto [dx, dw, db] = at::convolution_backward(
        grads[0], saved[0], saved[1], at::OptionalIntArrayRef(), {g[0], g[1]}, {g[2], g[3]}, {g[4], g[5]},
        /*transposed=*/false, {0, 0}, g[6],
        {context->needs_input_grad(0), context->needs_input_grad(1), false});
    return {dx, dw, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

std::optional<torch::Tensor> int8_conv(const torch::Tensor& x, const torch::Tensor& w,
                                       const ConvGeometry& geometry, const Grid& grid) {
  const Window& n = geometry.window;
  const bool pads_evenly = n.pad_top == n.pad_bottom && n.pad_left == n.pad_right;  // for the backward pass
  if (!enabled || !multiplies_without_saturation() || geometry.pad_value != 0 || !pads_evenly)
    return std::nullopt;
  if (!x.device().is_cpu() || x.scalar_type() != torch::kFloat32) return std::nullopt;
  const int lo = grid.kind == GridKind::kBipolar ? -1 : grid.qmin - grid.z;
  const int hi = grid.kind == GridKind::kBipolar ? 1 : grid.qmax - grid.z;
  const bool fits_unsigned = lo >= 0 && hi <= 255, fits_signed = lo >= -128 && hi <= 127;
  if (!fits_unsigned && !fits_signed) return std::nullopt;
  return Int8ConvFunction::apply(x, w, geometry, !fits_unsigned);
}

void set_int8_conv(bool on) {
  enabled = on;
}

}  // namespace intact
