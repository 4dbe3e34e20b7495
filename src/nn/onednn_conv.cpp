#include "nn/onednn_conv.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "quant/libtorch.h"

namespace intact {
namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;

constexpr auto kLayout = torch::MemoryFormat::ChannelsLast;

enum class Product { kForward, kBackwardData, kBackwardWeights };

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

// Extents and windows in oneDNN's form.
struct Problem {
  Dims source, weights, target, strides, dilates, pad_begin, pad_end;
  bool grouped;

  explicit Problem(const OnednnConv& c)
      : source(c.source.begin(), c.source.end()),
        weights(c.weights.begin(), c.weights.end()),
        target(c.target.begin(), c.target.end()),
        strides{c.window.stride_h, c.window.stride_w},
        dilates{c.window.dilation_h - 1, c.window.dilation_w - 1},
        pad_begin{c.window.pad_top, c.window.pad_left},
        pad_end{c.window.pad_bottom, c.window.pad_right},
        grouped(c.groups > 1) {
    if (grouped) {
      weights[0] /= c.groups;
      weights.insert(weights.begin(), c.groups);
    }
  }
};

struct Types {
  Type source, weights, target;
};

struct Descriptions {
  dnnl::memory::desc source, weights, target;
  Descriptions(const Problem& p, const Types& t)
      : source(p.source, t.source, Tag::nhwc),
        weights(p.weights, t.weights, Tag::any),
        target(p.target, t.target, Tag::nhwc) {}
};

// Of the forward product that a backward one belongs to: one type throughout.
Descriptions forward_hint(const Problem& p, const Types& t) {
  const bool bf16 = t.source == Type::bf16 || t.target == Type::bf16;
  return bf16 ? Descriptions(p, {Type::bf16, Type::bf16, Type::bf16}) : Descriptions(p, t);
}

// oneDNN 3 dropped the operation descriptors between arguments and primitive descriptors.
#if DNNL_VERSION_MAJOR >= 3
dnnl::convolution_forward::primitive_desc describe_forward(const Problem& p, const Descriptions& d,
                                                           dnnl::prop_kind kind) {
  return {engine(),  kind,      dnnl::algorithm::convolution_direct,
          d.source,  d.weights, d.target,
          p.strides, p.dilates, p.pad_begin,
          p.pad_end};
}
dnnl::convolution_backward_data::primitive_desc describe_data(const Problem& p, const Descriptions& d,
                                                              const Descriptions& hint) {
  return {engine(),  dnnl::algorithm::convolution_direct,
          d.source,  d.weights,
          d.target,  p.strides,
          p.dilates, p.pad_begin,
          p.pad_end, describe_forward(p, hint, dnnl::prop_kind::forward_training)};
}
dnnl::convolution_backward_weights::primitive_desc describe_weights(const Problem& p, const Descriptions& d,
                                                                    const Descriptions& hint) {
  return {engine(),  dnnl::algorithm::convolution_direct,
          d.source,  d.weights,
          d.target,  p.strides,
          p.dilates, p.pad_begin,
          p.pad_end, describe_forward(p, hint, dnnl::prop_kind::forward_training)};
}
#else
dnnl::convolution_forward::primitive_desc describe_forward(const Problem& p, const Descriptions& d,
                                                           dnnl::prop_kind kind) {
  return {{kind, dnnl::algorithm::convolution_direct, d.source, d.weights, d.target, p.strides, p.dilates,
           p.pad_begin, p.pad_end},
          engine()};
}
dnnl::convolution_backward_data::primitive_desc describe_data(const Problem& p, const Descriptions& d,
                                                              const Descriptions& hint) {
  return {{dnnl::algorithm::convolution_direct, d.source, d.weights, d.target, p.strides, p.dilates,
           p.pad_begin, p.pad_end},
          engine(),
          describe_forward(p, hint, dnnl::prop_kind::forward_training)};
}
dnnl::convolution_backward_weights::primitive_desc describe_weights(const Problem& p, const Descriptions& d,
                                                                    const Descriptions& hint) {
  return {{dnnl::algorithm::convolution_direct, d.source, d.weights, d.target, p.strides, p.dilates,
           p.pad_begin, p.pad_end},
          engine(),
          describe_forward(p, hint, dnnl::prop_kind::forward_training)};
}
#endif

// One product of one shape, ready to run. Not for several threads at once.
class Prepared {
 public:
  Prepared(Product product, const Problem& p, const Types& types) : product_(product), stream_(engine()) {
    const Descriptions d(p, types);
    switch (product) {
      case Product::kForward: {
        const auto description = describe_forward(p, d, dnnl::prop_kind::forward_inference);
        primitive_ = dnnl::convolution_forward(description);
        prepare(p, types, d, description.weights_desc());
        break;
      }
      case Product::kBackwardData: {
        const auto description = describe_data(p, d, forward_hint(p, types));
        primitive_ = dnnl::convolution_backward_data(description);
        prepare(p, types, d, description.weights_desc());
        break;
      }
      case Product::kBackwardWeights: {
        const auto description = describe_weights(p, d, forward_hint(p, types));
        primitive_ = dnnl::convolution_backward_weights(description);
        prepare(p, types, d, description.diff_weights_desc());
        break;
      }
    }
  }

  // Plain memory in the layouts nhwc and ohwi; which one is written follows from the product.
  void run(const void* source, const void* weights, const void* target) {
    source_.set_data_handle(const_cast<void*>(source));
    target_.set_data_handle(const_cast<void*>(target));
    plain_weights_.set_data_handle(const_cast<void*>(weights));
    const dnnl::memory& weights_used = same_layout_ ? plain_weights_ : own_weights_;
    switch (product_) {
      case Product::kForward:
        if (!same_layout_) reorder_.execute(stream_, plain_weights_, own_weights_);
        primitive_.execute(
            stream_, {{DNNL_ARG_SRC, source_}, {DNNL_ARG_WEIGHTS, weights_used}, {DNNL_ARG_DST, target_}});
        break;
      case Product::kBackwardData:
        if (!same_layout_) reorder_.execute(stream_, plain_weights_, own_weights_);
        primitive_.execute(
            stream_,
            {{DNNL_ARG_DIFF_DST, target_}, {DNNL_ARG_WEIGHTS, weights_used}, {DNNL_ARG_DIFF_SRC, source_}});
        break;
      case Product::kBackwardWeights:
        primitive_.execute(
            stream_,
            {{DNNL_ARG_SRC, source_}, {DNNL_ARG_DIFF_DST, target_}, {DNNL_ARG_DIFF_WEIGHTS, weights_used}});
        if (!same_layout_) reorder_.execute(stream_, own_weights_, plain_weights_);
        break;
    }
    stream_.wait();
  }

 private:
  void prepare(const Problem& p, const Types& types, const Descriptions& d, const dnnl::memory::desc& own) {
    const dnnl::memory::desc plain(p.weights, types.weights, p.grouped ? Tag::gohwi : Tag::ohwi);
    source_ = dnnl::memory(d.source, engine(), nullptr);
    target_ = dnnl::memory(d.target, engine(), nullptr);
    plain_weights_ = dnnl::memory(plain, engine(), nullptr);
    same_layout_ = own == plain;
    if (same_layout_) return;
    own_weights_ = dnnl::memory(own, engine());
    reorder_ = product_ == Product::kBackwardWeights ? dnnl::reorder(own_weights_, plain_weights_)
                                                     : dnnl::reorder(plain_weights_, own_weights_);
  }

  Product product_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  dnnl::memory source_, target_, plain_weights_, own_weights_;
  dnnl::reorder reorder_;
  bool same_layout_ = true;
};

void run(Product product, const OnednnConv& conv, const Types& types, const void* source, const void* weights,
         const void* target) {
  static std::mutex mutex;
  static std::map<std::vector<std::int64_t>, std::unique_ptr<Prepared>> known;
  const Window& n = conv.window;
  std::vector<std::int64_t> key{static_cast<std::int64_t>(product),
                                static_cast<std::int64_t>(types.source),
                                static_cast<std::int64_t>(types.weights),
                                static_cast<std::int64_t>(types.target),
                                at::get_num_threads(),
                                conv.groups,
                                n.stride_h,
                                n.stride_w,
                                n.dilation_h,
                                n.dilation_w,
                                n.pad_top,
                                n.pad_left,
                                n.pad_bottom,
                                n.pad_right};
  for (const auto* extents : {&conv.source, &conv.weights})
    key.insert(key.end(), extents->begin(), extents->end());
  const std::lock_guard lock(mutex);
  std::unique_ptr<Prepared>& prepared = known[key];
  if (!prepared) prepared = std::make_unique<Prepared>(product, Problem(conv), types);
  prepared->run(source, weights, target);
}

bool has(dnnl::cpu_isa level) {
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (isa & static_cast<unsigned>(level)) == static_cast<unsigned>(level);
}

constexpr Types kFloats{Type::f32, Type::f32, Type::f32};

torch::Tensor empty(const std::vector<std::int64_t>& extents) {
  return torch::empty(extents, torch::TensorOptions(torch::kFloat32).memory_format(kLayout));
}

// The three products, of memory in the layouts of Prepared::run.
torch::Tensor forward(const OnednnConv& conv, const Types& types, const void* x, const void* w) {
  RECORD_FUNCTION("intact::conv_forward", std::vector<c10::IValue>());
  torch::Tensor y = empty(conv.target);
  run(Product::kForward, conv, types, x, w, y.data_ptr());
  return y;
}

torch::Tensor backward_data(const OnednnConv& conv, const Types& types, const void* dy, const void* w) {
  RECORD_FUNCTION("intact::conv_backward_data", std::vector<c10::IValue>());
  torch::Tensor dx = empty(conv.source);
  run(Product::kBackwardData, conv, types, dx.data_ptr(), w, dy);
  return dx;
}

torch::Tensor backward_weights(const OnednnConv& conv, const Types& types, const void* x, const void* dy) {
  RECORD_FUNCTION("intact::conv_backward_weights", std::vector<c10::IValue>());
  torch::Tensor dw = empty(conv.weights);
  run(Product::kBackwardWeights, conv, types, x, dw.data_ptr(), dy);
  return dw;
}

}  // namespace

OnednnConv onednn_conv(const torch::Tensor& x, const torch::Tensor& w, const ConvGeometry& geometry) {
  const Window& n = geometry.window;
  const std::int64_t out_h = output_extent(static_cast<int>(x.size(2)), n.kernel_h, n.stride_h, n.dilation_h,
                                           n.pad_top, n.pad_bottom);
  const std::int64_t out_w = output_extent(static_cast<int>(x.size(3)), n.kernel_w, n.stride_w, n.dilation_w,
                                           n.pad_left, n.pad_right);
  return {x.sizes().vec(), w.sizes().vec(), {x.size(0), w.size(0), out_h, out_w}, n, geometry.groups};
}

bool onednn_takes(const torch::Tensor& x, const torch::Tensor& w) {
  const auto fits = [](const torch::Tensor& t) {
    return t.device().is_cpu() && t.scalar_type() == torch::kFloat32 && t.numel() > 0;
  };
  return fits(x) && fits(w);
}

torch::Tensor onednn_forward(const OnednnConv& conv, const torch::Tensor& x, const torch::Tensor& w) {
  const torch::Tensor source = x.contiguous(kLayout), weights = w.contiguous(kLayout);
  return forward(conv, kFloats, source.data_ptr(), weights.data_ptr());
}

torch::Tensor onednn_backward_data(const OnednnConv& conv, const torch::Tensor& dy, const torch::Tensor& w) {
  const torch::Tensor target = dy.contiguous(kLayout), weights = w.contiguous(kLayout);
  return backward_data(conv, kFloats, target.data_ptr(), weights.data_ptr());
}

torch::Tensor onednn_backward_weights(const OnednnConv& conv, const torch::Tensor& x,
                                      const torch::Tensor& dy) {
  const torch::Tensor source = x.contiguous(kLayout), target = dy.contiguous(kLayout);
  return backward_weights(conv, kFloats, source.data_ptr(), target.data_ptr());
}

torch::Tensor onednn_backward_data_bf16(const OnednnConv& conv, const torch::Tensor& dy,
                                        const torch::Tensor& w) {
  return backward_data(conv, {Type::f32, Type::bf16, Type::bf16}, dy.data_ptr(), w.data_ptr());
}

torch::Tensor onednn_backward_weights_bf16(const OnednnConv& conv, const torch::Tensor& x,
                                           const torch::Tensor& dy) {
  return backward_weights(conv, {Type::bf16, Type::f32, Type::bf16}, x.data_ptr(), dy.data_ptr());
}

torch::Tensor onednn_forward_bytes(const OnednnConv& conv, const std::uint8_t* source, bool source_is_signed,
                                   const std::int8_t* weights) {
  return forward(conv, {source_is_signed ? Type::s8 : Type::u8, Type::s8, Type::f32}, source, weights);
}

bool onednn_bytes_are_exact() {
  static const bool able = has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
  return able;
}

bool onednn_has_bf16() {
  static const bool able = has(dnnl::cpu_isa::avx512_core_bf16);
  return able;
}

}  // namespace intact
