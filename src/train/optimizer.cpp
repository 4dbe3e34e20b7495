#include "train/optimizer.h"

#include "quant/libtorch.h"

#include <vector>

#include "core/error.h"
#include "train/fused_sgd.h"

namespace intact {
namespace {

constexpr std::size_t kQuantizerGroup = 2;

template <typename Options>
std::vector<torch::optim::OptimizerParamGroup> make_groups(const Network& network, bool quantizers,
                                                           const Options& decayed, const Options& plain) {
  Network::ParameterGroups p = network.parameter_groups();
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(p.weights, std::make_unique<Options>(decayed));
  groups.emplace_back(p.others, std::make_unique<Options>(plain));
  if (quantizers) groups.emplace_back(p.quantizers, std::make_unique<Options>(plain));
  return groups;
}

}  // namespace

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Network& network, const OptimizerConfig& config,
                                                        bool quantizers) {
  switch (config.kind) {
    case OptimizerKind::kSgd: {
      auto plain = torch::optim::SGDOptions(config.lr)
                       .momentum(config.momentum)
                       .nesterov(config.nesterov && config.momentum > 0);
      auto decayed = plain;
      decayed.weight_decay(config.weight_decay);
      return std::make_unique<FusedSgd>(make_groups(network, quantizers, decayed, plain), plain);
    }
    case OptimizerKind::kAdam: {
      auto plain = torch::optim::AdamOptions(config.lr).betas({config.beta1, config.beta2}).eps(config.eps);
      auto decayed = plain;
      decayed.weight_decay(config.weight_decay);
      return std::make_unique<torch::optim::Adam>(make_groups(network, quantizers, decayed, plain), plain);
    }
    case OptimizerKind::kAdamW: {
      auto plain = torch::optim::AdamWOptions(config.lr)
                       .betas({config.beta1, config.beta2})
                       .eps(config.eps)
                       .weight_decay(0);
      auto decayed = plain;
      decayed.weight_decay(config.weight_decay);
      return std::make_unique<torch::optim::AdamW>(make_groups(network, quantizers, decayed, plain), plain);
    }
  }
  throw Error("optimizer: unknown kind");
}

void set_learning_rate(torch::optim::Optimizer& optimizer, const OptimizerConfig& config, double rate) {
  auto& groups = optimizer.param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].options().set_lr(i == kQuantizerGroup ? rate * config.quantizer_lr_factor : rate);
  }
}

}  // namespace intact
