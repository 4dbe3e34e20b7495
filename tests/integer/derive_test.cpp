// Refusals of the derivation by name, hand-worked values, and that the verifier accepts whatever the
// derivation does. The values in bulk: golden_test.cpp.
#include "integer/derive.h"

#include <gmock/gmock.h>

#include <limits>
#include <optional>

#include "core/error.h"
#include "core/random.h"
#include "integer/graph.h"

namespace intact {
namespace {

using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Two output channels of two taps, with everything valid.
struct Layer {
  std::vector<std::int8_t> weights = {1, -2, 3, 0};
  std::vector<double> s_w = {0.5, 0.25};
  std::vector<double> gamma = {1, -1}, beta = {0.5, 0}, mean = {0, 2}, variance = {1, 4};
  std::vector<double> bias;
  double eps = 1e-5, s_x = 0.5, s_y = 0.1;
  bool normalized = true;
  Grid out = Grid::unsigned_grid(8);
  int channels = 2;
  std::int64_t vmax = 255;
  std::optional<ResidualParameters> residual;

  Requantization derive(bool logits = false) const {
    const BatchNormParameters bn{gamma, beta, mean, variance, eps};
    const ConvParameters p{"stem", weights, channels, vmax, s_x, s_w, normalized ? &bn : nullptr, bias};
    return logits ? derive_logits(p) : derive_conv(p, out, s_y, residual ? &*residual : nullptr);
  }
};

template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

template <typename Change>
std::string refused(Change change, bool logits = false) {
  Layer layer;
  change(layer);
  return refusal([&] { layer.derive(logits); });
}

TEST(Derive, AccumulatorBounds) {
  const std::vector<std::int8_t> weights = {1, -2, 3, -128, 127, 0};
  EXPECT_EQ(accumulator_bounds(weights, 2, 255), (std::vector<std::int64_t>{6 * 255, 255 * 255}));
  EXPECT_EQ(accumulator_bounds(weights, 3, 1), (std::vector<std::int64_t>{3, 131, 127}));
}

TEST(Derive, ByHand) {
  Layer layer;
  layer.normalized = false;
  layer.bias = {1.0, -0.75};
  layer.s_y = 0.5;
  layer.s_w = {0.5};
  const Requantization q = layer.derive();
  EXPECT_EQ(q.bound, 765);
  EXPECT_EQ(q.k, 21);  // 765 * 2^21 < 2^31 <= 765 * 2^22
  EXPECT_EQ(q.r, 16);
  EXPECT_EQ(q.m, (std::vector<std::int32_t>{1 << 26, 1 << 26}));  // 0.5 * 2^(48 - 21)
  EXPECT_EQ(q.b, (std::vector<std::int32_t>{(2 << 16) + (1 << 15), -(3 << 15) + (1 << 15)}));
  EXPECT_EQ(q.m_res, 0);
}

TEST(Derive, RefusesFaultyParameters) {
  EXPECT_EQ(refused([](Layer&) {}), "accepted");
  EXPECT_THAT(refused([](Layer& l) { l.gamma[1] = kNaN; }), HasSubstr("layer 'stem', channel 1: gamma"));
  EXPECT_THAT(refused([](Layer& l) { l.beta[0] = kInfinity; }), HasSubstr("layer 'stem', channel 0: beta"));
  EXPECT_THAT(refused([](Layer& l) { l.mean[1] = -kInfinity; }),
              HasSubstr("layer 'stem', channel 1: the mean"));
  EXPECT_THAT(refused([](Layer& l) { l.variance[1] = -1; }), HasSubstr("layer 'stem', channel 1: variance"));
  EXPECT_THAT(refused([](Layer& l) { l.variance[0] = kNaN; }),
              HasSubstr("layer 'stem', channel 0: variance"));
  EXPECT_THAT(refused([](Layer& l) { l.variance[0] = l.eps = 0; }),
              HasSubstr("layer 'stem', channel 0: variance"));
  EXPECT_THAT(refused([](Layer& l) { l.s_x = 0; }), HasSubstr("layer 'stem': the input's scale"));
  EXPECT_THAT(refused([](Layer& l) { l.s_y = -1; }), HasSubstr("layer 'stem': the output's scale"));
  EXPECT_THAT(refused([](Layer& l) { l.s_y = kNaN; }), HasSubstr("layer 'stem': the output's scale"));
  EXPECT_THAT(refused([](Layer& l) { l.s_w[1] = kInfinity; }),
              HasSubstr("layer 'stem', channel 1: the weights' scale"));
  EXPECT_THAT(refused([](Layer& l) {
                l.residual = ResidualParameters{0, 15};
              }),
              HasSubstr("the residual's scale"));
  EXPECT_THAT(refused([](Layer& l) {
                l.residual = ResidualParameters{1, 0};
              }),
              HasSubstr("the residual's grid"));
  EXPECT_THAT(refused([](Layer& l) { l.bias = {1, 2}; }), HasSubstr("both a batch norm and a bias"));
  EXPECT_THAT(refused([](Layer& l) { l.gamma.pop_back(); }), HasSubstr("1 values of gamma for 2"));
  EXPECT_THAT(refused([](Layer& l) { l.variance.push_back(1); }), HasSubstr("3 values of variance for 2"));
  EXPECT_THAT(refused([](Layer& l) { l.s_w = {1, 1, 1}; }), HasSubstr("3 values of the weights' scale"));
  EXPECT_THAT(refused([](Layer& l) { l.s_w.clear(); }), HasSubstr("0 values of the weights' scale"));
  EXPECT_THAT(refused([](Layer& l) { l.weights.pop_back(); }), HasSubstr("3 weights do not divide"));
  EXPECT_THAT(refused([](Layer& l) { l.weights.clear(); }), HasSubstr("0 weights do not divide"));
  EXPECT_THAT(refused([](Layer& l) { l.channels = 0; }), HasSubstr("do not divide into 0"));
  EXPECT_THAT(refused([](Layer& l) { l.channels = -1; }), HasSubstr("do not divide into -1"));
  EXPECT_THAT(refused([](Layer& l) { l.vmax = 0; }), HasSubstr("the input's grid"));
  EXPECT_THAT(refused([](Layer& l) { l.out = Grid::int32(); }), HasSubstr("derive_logits"));
  EXPECT_THAT(refused([](Layer& l) { l.out.z = 300; }), HasSubstr("zero point"));
  EXPECT_THAT(refused([](Layer& l) { l.vmax = std::int64_t{1} << 31; }),
              HasSubstr("layer 'stem': the accumulator"));
  EXPECT_THAT(refused([](Layer& l) {
                l.normalized = false;
                l.bias = {0, kNaN};
              }),
              HasSubstr("layer 'stem', channel 1: the bias"));
  EXPECT_THAT(refused([](Layer& l) {
                l.s_x = 1e300;
                l.s_w = {1e300};
              }),
              HasSubstr("layer 'stem', channel 0: the multiplier"));
}

TEST(Derive, RefusesFaultyLogits) {
  const auto plain = [](Layer& l) {
    l.normalized = false;
    l.s_w = {0.5};
  };
  EXPECT_EQ(refused(plain, true), "accepted");
  EXPECT_THAT(refused([](Layer&) {}, true), HasSubstr("not a batch norm"));
  EXPECT_THAT(refused(
                  [&](Layer& l) {
                    plain(l);
                    l.s_w = {1, 1};
                  },
                  true),
              HasSubstr("one scale per tensor"));
  EXPECT_THAT(refused(
                  [&](Layer& l) {
                    plain(l);
                    l.bias = {0, -kInfinity};
                  },
                  true),
              HasSubstr("layer 'stem', channel 1: the bias"));
  EXPECT_THAT(refused(
                  [&](Layer& l) {
                    plain(l);
                    l.s_x = l.s_w[0] = 1e-200;
                  },
                  true),
              HasSubstr("product of"));
  EXPECT_THAT(refused(
                  [&](Layer& l) {
                    plain(l);
                    l.vmax = std::int64_t{1} << 31;
                  },
                  true),
              HasSubstr("the logit may leave 32 bits"));
}

TEST(Derive, RefusesFaultyAddsAndPools) {
  const Grid out = Grid::unsigned_grid(8);
  const std::vector<double> one(1, 1.0);
  const std::vector<double> nine(9, 1.0);
  const std::vector<std::int64_t> vmax_one(1, 255);
  const std::vector<std::int64_t> vmax_nine(9, 255);
  EXPECT_THAT(refusal([&] { derive_add("sum", nine, vmax_nine, out, 1); }),
              HasSubstr("layer 'sum': an add takes"));
  EXPECT_THAT(refusal([&] { derive_add("sum", one, vmax_nine, out, 1); }),
              HasSubstr("layer 'sum': an add takes"));
  EXPECT_THAT(refusal([&] { derive_add("sum", {}, {}, out, 1); }), HasSubstr("layer 'sum': an add takes"));
  EXPECT_THAT(refusal([&] { derive_add("sum", one, vmax_one, out, 0); }),
              HasSubstr("layer 'sum': the output's scale"));
  EXPECT_THAT(refusal([&] { derive_add("sum", std::vector<double>{kNaN}, vmax_one, out, 1); }),
              HasSubstr("layer 'sum', input 0: the scale"));
  EXPECT_THAT(refusal([&] { derive_add("sum", one, vmax_one, Grid::int32(), 1); }), HasSubstr("int32"));
  EXPECT_THAT(refusal([&] { derive_avg_pool("mean", 1, 255, 0, out, 1); }), HasSubstr("layer 'mean'"));
  EXPECT_THAT(refusal([&] { derive_avg_pool("mean", 1, 0, 4, out, 1); }), HasSubstr("layer 'mean'"));
  EXPECT_THAT(refusal([&] { derive_avg_pool("mean", kInfinity, 255, 4, out, 1); }),
              HasSubstr("the input's scale"));
  EXPECT_THAT(refusal([&] { derive_avg_pool("mean", 1, 255, 1 << 24, out, 1); }),
              HasSubstr("the accumulator"));
}

TEST(Derive, ClippedRange) {
  EXPECT_EQ(clipped_qmax(8, 6.0, 6.0 / 255), 255);
  EXPECT_EQ(clipped_qmax(8, 6.0, 0.05), 120);
  EXPECT_EQ(clipped_qmax(4, 6.0, 0.05), 15);
  EXPECT_EQ(clipped_qmax(4, 6.0, 4.0), 2);     // 1.5 rounds up
  EXPECT_EQ(clipped_qmax(4, 6.0, 4.0625), 1);  // 1.48
  EXPECT_EQ(clipped_qmax(4, 6.0, 1000.0), 1);  // at least one step
  EXPECT_EQ(clipped_qmax(1, 6.0, 0.1), 1);
  EXPECT_THROW(clipped_qmax(9, 6.0, 0.1), Error);
  EXPECT_THROW(clipped_qmax(4, 6.0, 0.0), Error);
  EXPECT_THROW(clipped_qmax(4, kNaN, 0.1), Error);
}

// The derivation proves its sums in doubles from M, the verifier in integers from m: at the limit they must
// agree, or a layer that was derived could not be exported. Biases are drawn so that the sum ends within a
// few units of 2^31.
TEST(Derive, TheVerifierAcceptsWhatWasDerived) {
  RandomStream rng(7, {1});
  int accepted = 0;
  int narrow = 0;  // fewer fraction bits than the most
  for (int i = 0; i < 20000; ++i) {
    Layer layer;
    layer.normalized = false;
    layer.channels = 1;
    layer.weights = {static_cast<std::int8_t>(1 + rng.below(127))};
    layer.s_w = {1.0};
    layer.s_x = 1.0;
    layer.out = Grid::signed_grid(8);
    const double bound = 255.0 * layer.weights[0];
    const double reach =
        0x1p31 * (0.01 + 0.48 * rng.uniform());  // A M 2^r; m's own limit lies at 2^31 (A 2^k) / 2^32
    const int r = 1 + static_cast<int>(rng.below(16));
    const double one = static_cast<double>(1 << r);
    layer.s_y = bound * one / reach;
    const double slack = static_cast<double>(rng.below(9)) - 4.0 + rng.uniform();
    layer.bias = {(0x1p31 - reach - one / 2 - 1 - slack) / one * layer.s_y};
    if (rng.below(2) == 1) layer.bias[0] = -layer.bias[0];
    Requantization q;
    try {
      q = layer.derive();
    } catch (const Error&) {
      continue;
    }
    ++accepted;
    narrow += q.r < 16 ? 1 : 0;
    Graph graph;
    graph.name = "limit";
    graph.tensors = {{"input", {1, 1, 1}, Grid::unsigned_grid(8), 1.0},
                     {"out", {1, 1, 1}, layer.out, layer.s_y}};
    graph.output = 1;
    Node node;
    node.inputs = {0};
    node.output = 1;
    node.state.weight_grid = Grid::weight_grid(8);
    node.state.weights = layer.weights;
    node.state.q = q;
    graph.nodes = {node};
    ASSERT_EQ(refusal([&] { verify(graph); }), "accepted")
        << "case " << i << ", m " << q.m[0] << ", b " << q.b[0];
  }
  EXPECT_GT(accepted, 10000);
  EXPECT_GT(narrow, 5000);
}

}  // namespace
}  // namespace intact
