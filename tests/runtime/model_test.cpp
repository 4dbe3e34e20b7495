// Whole models: order, in-place operands, accessors, golden vectors, the work limit.
#include <gtest/gtest.h>

#include <set>

#include "naive_network.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

TEST(Model, MixedNetworksEqualTheNaiveNetwork) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    NetworkMaker maker = mixed_network(seed);
    BoundModel model(build_blob(maker.network(), {.names = true}));
    ASSERT_EQ(model.status(), INTACT_OK) << seed << " " << intact_status_name(model.status());
    for (int s = 0; s < 3; ++s) {
      const auto input = maker.input();
      ASSERT_EQ(model.run(maker.network(), input), run_naive(maker.network(), input)) << "seed " << seed;
    }
  }
}

TEST(Model, RunEqualsRunningNodeByNode) {
  NetworkMaker maker = mixed_network(3);
  BoundModel model(build_blob(maker.network()));
  const auto input = maker.input();
  const Values expected = run_naive(maker.network(), input).back();
  model.set_input(input);
  ASSERT_EQ(intact_run(model.get()), INTACT_OK);
  const intact_tensor out = intact_output(model.get());
  ASSERT_EQ(out.channels, expected.size());
  std::uint32_t best = 0;
  for (std::uint32_t c = 0; c < out.channels; ++c) {
    EXPECT_EQ(intact_value(&out, 0, 0, c), expected[c]);
    if (expected[c] > expected[best]) best = c;
  }
  EXPECT_EQ(intact_argmax(model.get()), best);
}

TEST(Model, ArgmaxTakesTheLowestOfEquals) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(1, 1, 1));
  maker.logits(0, 4, 8);
  NodeSpec& n = maker.network().nodes[0];
  n.weights = {0, 0, 0, 0};
  n.b = {-7, 5, 5, 4};
  BoundModel model(build_blob(maker.network()));
  model.set_input({9});
  intact_run(model.get());
  EXPECT_EQ(intact_argmax(model.get()), 1U);
}

TEST(Model, ValueReadsEveryStorage) {
  for (const TensorSpec& grid :
       {TensorSpec::bipolar(), TensorSpec::unsigned_codes(1), TensorSpec::unsigned_codes(2),
        TensorSpec::signed_codes(2), TensorSpec::signed_codes(4), TensorSpec::signed_codes(8)}) {
    NetworkMaker maker(8, TensorSpec::unsigned_codes(8).shaped(3, 2, 2));
    maker.convert(35, grid);
    BoundModel model(build_blob(maker.network()));
    const auto input = maker.input();
    const Values expected = run_naive(maker.network(), input)[1];
    model.set_input(input);
    intact_run(model.get());
    const intact_tensor t = intact_output(model.get());
    std::size_t at = 0;
    for (std::uint32_t y = 0; y < 3; ++y) {
      for (std::uint32_t x = 0; x < 2; ++x) {
        for (std::uint32_t c = 0; c < 35; ++c) ASSERT_EQ(intact_value(&t, y, x, c), expected[at++]);
      }
    }
  }
}

TEST(Model, IndexOutOfRangeIsRefused) {
  NetworkMaker maker = mixed_network(0);
  BoundModel model(build_blob(maker.network()));
  intact_tensor t;
  const std::uint32_t nodes = model.get()->node_count;
  EXPECT_EQ(intact_run_node(model.get(), nodes), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_node_output(model.get(), nodes, &t), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_get_tensor(model.get(), nodes + 1, &t), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_get_tensor(model.get(), nodes, &t), INTACT_OK);
}

// The output in the memory of an operand with at least its storage: FORMAT section 5.
TEST(Model, InPlaceAddAndResidual) {
  std::uint64_t seed = 70;
  const TensorSpec grids[] = {TensorSpec::signed_codes(8), TensorSpec::unsigned_codes(4),
                              TensorSpec::signed_codes(2), TensorSpec::bipolar()};
  for (const TensorSpec& operand : grids) {
    for (const TensorSpec& output : grids) {
      for (const std::uint32_t channels : {1U, 5U, 32U, 35U}) {
        NetworkMaker maker(++seed, TensorSpec::unsigned_codes(8).shaped(3, 3, 2));
        const int a = maker.convert(channels, operand);
        const int b = maker.convert(channels, TensorSpec::signed_codes(8));
        maker.add({a, b}, output);
        const int c = maker.convert(channels, operand);
        ConvShape s;
        s.channels_out = channels;
        s.kernel_h = s.kernel_w = 3;
        s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
        if (seed % 2) s.groups = static_cast<int>(channels);
        maker.conv(b, s, output, c);
        // Tensors: input, a, b, sum in place of a, c, conv in place of c; then scratch.
        const BlobOptions options{.tensor_offsets = {0, 1024, 2048, 1024, 3072, 3072},
                                  .scratch_offset = 4096};
        BoundModel model(build_blob(maker.network(), options));
        const bool fits =
            tensor_bytes(maker.network().tensor(3)) <= tensor_bytes(maker.network().tensor(a)) &&
            output.storage() <= operand.storage();
        ASSERT_EQ(model.status(), fits ? INTACT_OK : INTACT_E_OVERLAP);
        if (!fits) continue;
        const auto input = maker.input();
        ASSERT_EQ(model.run(maker.network(), input), run_naive(maker.network(), input)) << seed;
      }
    }
  }
}

TEST(Selftest, PassesAndLeavesNoMismatch) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    NetworkMaker maker = mixed_network(seed);
    BlobOptions options;
    for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
    const Blob blob = build_blob(maker.network(), options);
    BoundModel model(blob);
    ASSERT_EQ(model.status(), INTACT_OK) << intact_status_name(model.status());
    intact_mismatch first{99, 99};
    EXPECT_EQ(intact_selftest(model.get(), &first), INTACT_OK);
    EXPECT_EQ(first.vector, 99U);
    EXPECT_EQ(intact_selftest(model.get(), nullptr), INTACT_OK);
    EXPECT_EQ(intact_check_crc(blob.bytes.data(), blob.bytes.size()), INTACT_OK);
  }
}

TEST(Selftest, NamesTheVectorAndTheNode) {
  NetworkMaker maker = mixed_network(2);
  BlobOptions options;
  for (int i = 0; i < 5; ++i) options.golden_inputs.push_back(maker.input());
  const Blob good = build_blob(maker.network(), options);
  const std::size_t nodes = maker.network().nodes.size();
  const std::size_t input_bytes = (maker.network().input.elements() + 3) / 4 * 4;
  const std::size_t vector_bytes = input_bytes + 4 * nodes + 4 * 5;
  const auto mismatch = [&](std::size_t at) {
    Blob bad = good;
    bad.put8(at, bad.bytes[at] ^ 1U);
    BoundModel model(bad);
    EXPECT_EQ(model.status(), INTACT_OK);
    intact_mismatch first{99, 99};
    EXPECT_EQ(intact_selftest(model.get(), &first), INTACT_E_MISMATCH);
    return std::pair{first.vector, first.node};
  };
  for (std::uint32_t v = 0; v < 5; ++v) {
    const std::size_t checksums = good.golden + v * vector_bytes + input_bytes;
    for (std::uint32_t n = 0; n < nodes; ++n) EXPECT_EQ(mismatch(checksums + 4 * n), std::pair(v, n));
    EXPECT_EQ(mismatch(checksums + 4 * nodes), std::pair(v, static_cast<std::uint32_t>(nodes)));
  }
}

TEST(Work, LimitIsExact) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(4, 4, 2));
  const int x = maker.convert(3, TensorSpec::unsigned_codes(8));  // 4*4*3*2 = 96
  maker.max_pool(x, 2, 2, 2, 0);                                  // 3x2 (one row of padding below) ...
  maker.add({x, x, x}, TensorSpec::unsigned_codes(8));            // 48*3 = 144
  const TensorSpec& pooled = maker.network().tensor(2);
  const std::uint64_t work = 96 + pooled.elements() * 4 + 144;
  const Blob blob = build_blob(maker.network());
  EXPECT_EQ(BoundModel(blob, work).status(), INTACT_OK);
  EXPECT_EQ(BoundModel(blob, work - 1).status(), INTACT_E_WORK);
}

TEST(Crc, FindsAnyChangedByte) {
  NetworkMaker maker = mixed_network(4);
  Blob blob = build_blob(maker.network());
  EXPECT_EQ(intact_check_crc(blob.bytes.data(), blob.bytes.size()), INTACT_OK);
  for (std::size_t at = 32; at < blob.bytes.size(); at += 7) {
    Blob bad = blob;
    bad.put8(at, bad.bytes[at] ^ 0x10U);
    const bool reserved = at >= 52 && at < 56;
    EXPECT_EQ(intact_check_crc(bad.bytes.data(), bad.bytes.size()),
              reserved ? INTACT_E_RESERVED : INTACT_E_CRC);
  }
}

TEST(Status, NamesAreDistinct) {
  std::set<std::string> names;
  for (int s = INTACT_OK; s <= INTACT_E_STREAM; ++s) {
    const std::string name = intact_status_name(static_cast<intact_status>(s));
    EXPECT_EQ(name.rfind("INTACT_", 0), 0U);
    EXPECT_TRUE(names.insert(name).second);
  }
  EXPECT_STREQ(intact_status_name(static_cast<intact_status>(INTACT_E_STREAM + 1)), "unknown");
}

}  // namespace
}  // namespace intact::testing
