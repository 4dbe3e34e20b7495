// Which kernel computes a node: the one that the blob names where it is linked and can, else a portable one.
#include <gtest/gtest.h>

#include "naive_network.h"
#include "random_network.h"
#include "runtime/intact_kernels.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

constexpr std::uint16_t kNumber = INTACT_CONV_DIRECT16;  // of the kernel below
constexpr std::uint64_t kWanted = 4096;                  // bytes of scratch
int calls = 0;
std::uint32_t last_parameter = 0;

std::uint64_t wants_much(const intact_conv*, std::uint64_t limit) {
  return kWanted <= limit ? kWanted : INTACT_CANNOT;
}
std::uint64_t cannot(const intact_conv*, std::uint64_t) {
  return INTACT_CANNOT;
}
// Exact, and tells that it ran.
void run_counted(const intact_conv* conv) {
  ++calls;
  last_parameter = conv->parameter;
  intact_conv_dense.run(conv);
}
constexpr intact_conv_kernel kCounted = {wants_much, run_counted};
constexpr intact_conv_kernel kUnable = {cannot, run_counted};

// A model bound with `set`; runs it and compares with the naive network.
intact_status run_with(const intact_kernel_set& set, const NetworkSpec& network, const Blob& blob,
                       const std::vector<std::uint8_t>& input) {
  calls = 0;
  AlignedBytes arena(blob.arena);
  intact_model model;
  const intact_status status = intact_init_with(&model, blob.bytes.data(), blob.bytes.size(), arena.data(),
                                                arena.size(), INTACT_NO_WORK_LIMIT, &set);
  if (status != INTACT_OK) return status;
  const std::vector<Values> expected = run_naive(network, input);
  std::copy(input.begin(), input.end(), intact_input(&model).data);
  for (std::uint32_t i = 0; i < model.node_count; ++i) {
    intact_tensor t;
    EXPECT_EQ(intact_run_node(&model, i), INTACT_OK);
    EXPECT_EQ(intact_node_output(&model, i, &t), INTACT_OK);
    EXPECT_EQ(unpack_tensor(network.tensor(static_cast<int>(i) + 1), t.data), expected[i + 1]);
  }
  return status;
}

// Two convolutions and a max pooling between them.
class KernelChoice : public ::testing::Test {
 protected:
  KernelChoice() : maker_(5, TensorSpec::unsigned_codes(8, 3).shaped(6, 5, 3)) {
    ConvShape s;
    s.channels_out = 5;
    s.kernel_h = s.kernel_w = 3;
    const int first = maker_.conv(0, s, TensorSpec::unsigned_codes(4));
    maker_.logits(maker_.max_pool(first, 2, 2, 1, 0), 3, 4);
    input_ = maker_.input();
  }

  intact_status run(const intact_kernel_set& set, const BlobOptions& options) {
    return run_with(set, maker_.network(), build_blob(maker_.network(), options), input_);
  }

  NetworkMaker maker_;
  std::vector<std::uint8_t> input_;
  intact_kernel_set set_ = intact_all_kernels;
};

TEST_F(KernelChoice, TheNamedKernelRuns) {
  set_.conv[kNumber] = &kCounted;
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = {{kNumber, 7}, {0, 0}, {0, 0}}}), INTACT_OK);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(last_parameter, 7U);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = {{kNumber, 1}, {0, 0}, {kNumber, 2}}}), INTACT_OK);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(last_parameter, 2U);
}

TEST_F(KernelChoice, AnotherRunsWhereItIsNotNamed) {
  set_.conv[kNumber] = &kCounted;
  EXPECT_EQ(run(set_, {.more_scratch = kWanted}), INTACT_OK);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = {{0, 0}, {kNumber, 0}, {0, 0}}}), INTACT_OK);
  EXPECT_EQ(calls, 0);
}

TEST_F(KernelChoice, AnotherRunsWhereTheScratchIsTooSmall) {
  set_.conv[kNumber] = &kCounted;
  const std::vector<KernelSpec> kernels{{kNumber, 0}, {0, 0}, {kNumber, 0}};
  // The least for 27 taps is 64 bytes, for 5 channels of 4x2 pixels 80.
  EXPECT_EQ(run(set_, {.more_scratch = kWanted - 80 - 16, .kernels = kernels}), INTACT_OK);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted - 80, .kernels = kernels}), INTACT_OK);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted - 64, .kernels = kernels}), INTACT_OK);
  EXPECT_EQ(calls, 2);
}

TEST_F(KernelChoice, AnotherRunsWhereItIsNotLinkedOrCannot) {
  const std::vector<KernelSpec> kernels{{kNumber, 0}, {0, 0}, {kNumber, 0}};
  set_.conv[kNumber] = nullptr;
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = kernels}), INTACT_OK);
  set_.conv[kNumber] = &kUnable;
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = kernels}), INTACT_OK);
  EXPECT_EQ(calls, 0);
}

// XNOR and depthwise can be left out: dense computes what they do.
TEST_F(KernelChoice, DenseAloneIsEnoughForConvolutions) {
  intact_kernel_set dense{};
  dense.conv[INTACT_CONV_DENSE] = &intact_conv_dense;
  dense.add = intact_add_run;
  dense.avg_pool = intact_avg_pool;
  dense.max_pool = intact_max_pool;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    NetworkMaker maker = mixed_network(seed);
    EXPECT_EQ(run_with(dense, maker.network(), build_blob(maker.network()), maker.input()), INTACT_OK)
        << seed;
  }
}

TEST_F(KernelChoice, AModelThatNeedsWhatIsNotLinkedIsRefused) {
  set_ = {};
  set_.conv[INTACT_CONV_DENSE] = &intact_conv_dense;
  set_.max_pool = intact_max_pool;
  EXPECT_EQ(run(set_, {}), INTACT_OK);
  set_.max_pool = nullptr;
  EXPECT_EQ(run(set_, {}), INTACT_E_KERNEL);
  set_.max_pool = intact_max_pool;
  set_.conv[INTACT_CONV_DENSE] = nullptr;
  EXPECT_EQ(run(set_, {}), INTACT_E_KERNEL);
  set_.conv[INTACT_CONV_DEPTHWISE] = &intact_conv_depthwise;  // does not compute these
  set_.conv[INTACT_CONV_XNOR] = &intact_conv_xnor;
  EXPECT_EQ(run(set_, {}), INTACT_E_KERNEL);
  set_.conv[kNumber] = &kCounted;  // does, where the blob names it and gives it scratch
  EXPECT_EQ(run(set_, {}), INTACT_E_KERNEL);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = {{kNumber, 0}, {0, 0}, {kNumber, 0}}}), INTACT_OK);
  EXPECT_EQ(run(set_, {.more_scratch = kWanted, .kernels = {{kNumber, 0}, {0, 0}, {0, 0}}}), INTACT_E_KERNEL);
}

TEST(KernelOfAddAndPool, IsNeeded) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(3, 3, 2));
  maker.avg_pool(maker.add({0, 0}, TensorSpec::unsigned_codes(8)), 2, 2, 1, 0, TensorSpec::unsigned_codes(8));
  const Blob blob = build_blob(maker.network());
  const auto input = maker.input();
  intact_kernel_set set{};
  set.add = intact_add_run;
  set.avg_pool = intact_avg_pool;
  EXPECT_EQ(run_with(set, maker.network(), blob, input), INTACT_OK);
  set.add = nullptr;
  EXPECT_EQ(run_with(set, maker.network(), blob, input), INTACT_E_KERNEL);
  set.add = intact_add_run;
  set.avg_pool = nullptr;
  EXPECT_EQ(run_with(set, maker.network(), blob, input), INTACT_E_KERNEL);
}

}  // namespace
}  // namespace intact::testing
