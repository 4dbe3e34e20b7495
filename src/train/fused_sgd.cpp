#include "train/fused_sgd.h"

#include <memory>
#include <sstream>
#include <string>
#include <type_traits>

#include "quant/dense_layout.h"
#include "quant/libtorch.h"
#include "quant/target_clones.h"

namespace intact {
namespace {

struct Rule {
  float rate, momentum, decay;
  bool nesterov;
};

INTACT_TARGET_CLONES
void descend(float* __restrict p, const float* __restrict g, std::int64_t n, const Rule& rule) {
  const Rule k = rule;
  for (std::int64_t i = 0; i < n; ++i) p[i] -= k.rate * (g[i] + k.decay * p[i]);
}

INTACT_TARGET_CLONES
void descend_with_momentum(float* __restrict p, const float* __restrict g, float* __restrict buffer,
                           std::int64_t n, const Rule& rule) {
  const Rule k = rule;
  for (std::int64_t i = 0; i < n; ++i) {
    const float d = g[i] + k.decay * p[i];
    const float b = k.momentum * buffer[i] + d;
    buffer[i] = b;
    p[i] -= k.rate * (k.nesterov ? d + k.momentum * b : b);
  }
}

// The key of LibTorch's state map: text up to 1.13, the address itself since 2.0.
template <typename Map>
typename Map::key_type key_of(const torch::Tensor& p) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
    std::ostringstream text;  // as 1.13 does; later versions lack its function
    text << p.unsafeGetTensorImpl();
    return text.str();
  } else {
    return p.unsafeGetTensorImpl();
  }
}

}  // namespace

torch::Tensor FusedSgd::step(LossClosure closure) {
  TORCH_CHECK(closure == nullptr, "FusedSgd takes no closure");
  const torch::NoGradGuard no_grad;
  auto& states = state();
  using States = std::decay_t<decltype(states)>;
  for (torch::optim::OptimizerParamGroup& group : param_groups()) {
    const auto& options = static_cast<const torch::optim::SGDOptions&>(group.options());
    TORCH_CHECK(options.dampening() == 0, "FusedSgd has no dampening");
    const Rule rule{static_cast<float>(options.lr()), static_cast<float>(options.momentum()),
                    static_cast<float>(options.weight_decay()), options.nesterov()};
    for (torch::Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      TORCH_CHECK(p.is_non_overlapping_and_dense(), "a parameter must fill its memory");
      const torch::Tensor g = in_layout_of(p.grad(), p);
      if (rule.momentum == 0) {
        descend(p.data_ptr<float>(), g.data_ptr<float>(), p.numel(), rule);
        continue;
      }
      auto& state = states[key_of<States>(p)];
      if (!state) {
        auto fresh = std::make_unique<torch::optim::SGDParamState>();
        fresh->momentum_buffer(torch::zeros_like(p));
        state = std::move(fresh);
      }
      auto& known = static_cast<torch::optim::SGDParamState&>(*state);
      if (known.momentum_buffer().strides() != p.strides())  // a checkpoint's
        known.momentum_buffer(in_layout_of(known.momentum_buffer(), p).clone());
      descend_with_momentum(p.data_ptr<float>(), g.data_ptr<float>(),
                            known.momentum_buffer().data_ptr<float>(), p.numel(), rule);
    }
  }
  return {};
}

void drop_gradients(torch::optim::Optimizer& optimizer) {
  for (torch::optim::OptimizerParamGroup& group : optimizer.param_groups()) {
    for (torch::Tensor& p : group.params()) p.mutable_grad() = torch::Tensor();
  }
}

}  // namespace intact
