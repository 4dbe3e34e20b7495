// Against LibTorch's own optimizer, in float64.
#include "train/fused_sgd.h"

#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <sstream>

namespace intact {
namespace {

torch::optim::SGDOptions options(double momentum, bool nesterov) {
  return torch::optim::SGDOptions(0.1).momentum(momentum).nesterov(nesterov).weight_decay(0.01);
}

class FusedSgdTest : public ::testing::TestWithParam<std::pair<double, bool>> {};

TEST_P(FusedSgdTest, StepsAsLibTorchDoes) {
  const auto [momentum, nesterov] = GetParam();
  torch::manual_seed(5);
  torch::Tensor p = torch::randn({8, 3, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  torch::Tensor q = p.detach().to(torch::kFloat64).requires_grad_();
  FusedSgd fused({p}, options(momentum, nesterov));
  torch::optim::SGD plain({q}, options(momentum, nesterov));
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor g = torch::randn({8, 3, 3, 3});  // another layout than p's
    p.mutable_grad() = g;
    q.mutable_grad() = g.to(torch::kFloat64);
    fused.step();
    plain.step();
    EXPECT_LT((p.detach() - q.detach()).abs().max().item<double>(), 1e-6) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, FusedSgdTest,
                         ::testing::Values(std::pair{0.0, false}, std::pair{0.9, false},
                                           std::pair{0.9, true}));

TEST(FusedSgdStateTest, GoesOnFromAnArchive) {
  torch::manual_seed(6);
  torch::Tensor p = torch::randn({4, 5}).requires_grad_();
  torch::Tensor q = p.detach().clone().requires_grad_();
  const torch::Tensor g = torch::randn({4, 5}), h = torch::randn({4, 5});
  FusedSgd first({p}, options(0.9, true));
  p.mutable_grad() = g;
  q.mutable_grad() = g;
  first.step();
  FusedSgd half({q}, options(0.9, true));
  half.step();
  std::stringstream stream;
  torch::serialize::OutputArchive out;
  half.save(out);
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  FusedSgd second({q}, options(0.9, true));
  second.load(in);
  p.mutable_grad() = h;
  q.mutable_grad() = h;
  first.step();
  second.step();
  EXPECT_TRUE(p.equal(q));
}

TEST(DropGradientsTest, LeavesNone) {
  torch::Tensor p = torch::randn({3}).requires_grad_();
  FusedSgd sgd({p}, options(0.9, true));
  p.square().sum().backward();
  drop_gradients(sgd);
  EXPECT_FALSE(p.grad().defined());
  const torch::Tensor before = p.detach().clone();
  sgd.step();
  EXPECT_TRUE(p.equal(before));
}

}  // namespace
}  // namespace intact
