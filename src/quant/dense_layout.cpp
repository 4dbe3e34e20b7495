#include "quant/dense_layout.h"

#include <sstream>

#include "core/error.h"

namespace intact {
namespace {

bool is_outermost(const torch::Tensor& t) {
  if (t.dim() == 0) return false;
  return t.size(0) == 1 || t.stride(0) * t.size(0) == t.numel();
}

}  // namespace

torch::Tensor dense(const torch::Tensor& t, bool by_channel) {
  if (!t.device().is_cpu() || t.scalar_type() != torch::kFloat32) {
    std::ostringstream message;
    message << "quantizers take float32 tensors on the CPU, not " << t.scalar_type() << " on " << t.device();
    throw Error(message.str());
  }
  if (t.is_non_overlapping_and_dense() && (!by_channel || is_outermost(t))) return t;
  // Both formats that a tensor can suggest have dimension 0 outermost.
  return t.contiguous(t.suggest_memory_format());
}

torch::Tensor in_layout_of(const torch::Tensor& t, const torch::Tensor& model) {
  if (t.strides() == model.strides()) return t;
  return torch::empty_like(model).copy_(t);
}

}  // namespace intact
