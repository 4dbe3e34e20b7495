#include "nn/onednn_products.h"

#include <map>
#include <memory>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <tuple>

namespace intact {
namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;

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
dnnl::convolution_forward::primitive_desc describe_forward(const Problem& p, const Descriptions& d,
                                                           dnnl::prop_kind kind) {
  constexpr auto direct = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind,      direct,    d.source,    d.weights,
          d.target, p.strides, p.dilates, p.pad_begin, p.pad_end};
#else
  return {{kind, direct, d.source, d.weights, d.target, p.strides, p.dilates, p.pad_begin, p.pad_end},
          engine()};
#endif
}

// Product: dnnl::convolution_backward_data or dnnl::convolution_backward_weights.
template <typename Product>
typename Product::primitive_desc describe_backward(const Problem& p, const Types& types,
                                                   const Descriptions& d) {
  constexpr auto direct = dnnl::algorithm::convolution_direct;
  const auto forward = describe_forward(p, forward_hint(p, types), dnnl::prop_kind::forward_training);
#if DNNL_VERSION_MAJOR >= 3
  return {engine(),  direct,    d.source,    d.weights, d.target,
          p.strides, p.dilates, p.pad_begin, p.pad_end, forward};
#else
  return {{direct, d.source, d.weights, d.target, p.strides, p.dilates, p.pad_begin, p.pad_end},
          engine(),
          forward};
#endif
}

// One product of one shape, ready to run. Not for several threads at once.
class Prepared {
 public:
  Prepared(ConvProduct product, const Problem& p, const Types& types) : product_(product), stream_(engine()) {
    const Descriptions d(p, types);
    switch (product) {
      case ConvProduct::kForward: {
        const auto description = describe_forward(p, d, dnnl::prop_kind::forward_inference);
        primitive_ = dnnl::convolution_forward(description);
        prepare(p, types, d, description.weights_desc());
        break;
      }
      case ConvProduct::kBackwardData: {
        const auto description = describe_backward<dnnl::convolution_backward_data>(p, types, d);
        primitive_ = dnnl::convolution_backward_data(description);
        prepare(p, types, d, description.weights_desc());
        break;
      }
      case ConvProduct::kBackwardWeights: {
        const auto description = describe_backward<dnnl::convolution_backward_weights>(p, types, d);
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
      case ConvProduct::kForward:
        if (!same_layout_) reorder_.execute(stream_, plain_weights_, own_weights_);
        primitive_.execute(
            stream_, {{DNNL_ARG_SRC, source_}, {DNNL_ARG_WEIGHTS, weights_used}, {DNNL_ARG_DST, target_}});
        break;
      case ConvProduct::kBackwardData:
        if (!same_layout_) reorder_.execute(stream_, plain_weights_, own_weights_);
        primitive_.execute(
            stream_,
            {{DNNL_ARG_DIFF_DST, target_}, {DNNL_ARG_WEIGHTS, weights_used}, {DNNL_ARG_DIFF_SRC, source_}});
        break;
      case ConvProduct::kBackwardWeights:
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
    reorder_ = product_ == ConvProduct::kBackwardWeights ? dnnl::reorder(own_weights_, plain_weights_)
                                                         : dnnl::reorder(plain_weights_, own_weights_);
  }

  ConvProduct product_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  dnnl::memory source_, target_, plain_weights_, own_weights_;
  dnnl::reorder reorder_;
  bool same_layout_ = true;
};

Type type_of(ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return Type::f32;
    case ElementType::kBfloat16:
      return Type::bf16;
    case ElementType::kUint8:
      return Type::u8;
    case ElementType::kInt8:
      break;
  }
  return Type::s8;
}

void run(ConvProduct product, const OnednnConv& conv, const ConvTypes& types, int threads, const void* source,
         const void* weights, const void* target) {
  static std::mutex mutex;
  static std::map<std::tuple<ConvProduct, OnednnConv, ConvTypes, int>, std::unique_ptr<Prepared>> known;
  const std::lock_guard lock(mutex);
  std::unique_ptr<Prepared>& prepared = known[{product, conv, types, threads}];
  if (!prepared) {
    const Types own{type_of(types.source), type_of(types.weights), type_of(types.target)};
    prepared = std::make_unique<Prepared>(product, Problem(conv), own);
  }
  prepared->run(source, weights, target);
}

bool has(dnnl::cpu_isa level) {
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (isa & static_cast<unsigned>(level)) == static_cast<unsigned>(level);
}

bool bytes_are_exact() {
  static const bool able = has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
  return able;
}

bool has_bf16() {
  static const bool able = has(dnnl::cpu_isa::avx512_core_bf16);
  return able;
}

}  // namespace
}  // namespace intact

const intact::OnednnProducts intact_onednn_products = {intact::run, intact::bytes_are_exact,
                                                       intact::has_bf16};
