// Derivation and oracle against exact rationals (golden/generate_requantize.py): the integers with ==, and
// the outputs with
// == against Python's integers and within the proven bound against the real numbers.
#include <gmock/gmock.h>

#include <functional>

#include "core/error.h"
#include "integer/derive.h"
#include "integer/oracle.h"
#include "tests/integer/golden_cases.h"

namespace intact {
namespace {

using nlohmann::json;
using test::golden_cases;
using test::golden_grid;
using test::golden_requantization;
using test::golden_weights;
using test::hex_double;
using test::hex_doubles;
using testing::HasSubstr;

void expect_equal(const Requantization& have, const Requantization& want) {
  EXPECT_EQ(have.k, want.k);
  EXPECT_EQ(have.r, want.r);
  EXPECT_EQ(have.m, want.m);
  EXPECT_EQ(have.b, want.b);
  EXPECT_EQ(have.m_res, want.m_res);
  EXPECT_EQ(have.bound, want.bound);
}

// Checks the integers, or that the refusal names the place; false after a refusal.
bool check_derivation(const json& golden, const std::function<Requantization()>& derive, Requantization& q) {
  if (!golden.contains("refused")) {
    q = derive();
    expect_equal(q, golden_requantization(golden.at("expect")));
    return true;
  }
  try {
    derive();
    ADD_FAILURE() << "not refused";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("layer 'golden', " + golden.at("refused").get<std::string>()));
  }
  return false;
}

struct Tally {
  int outputs = 0;
  int undecided = 0;  // low != high: the real number lies within the proven error of a tie
};

void check_outputs(const json& golden, const Values& have, Tally& tally) {
  EXPECT_EQ(have, golden.at("outputs").get<Values>());
  const auto low = golden.at("low").get<Values>();
  const auto high = golden.at("high").get<Values>();
  ASSERT_EQ(have.size(), low.size());
  ASSERT_EQ(have.size(), high.size());
  for (std::size_t i = 0; i < have.size(); ++i) {
    EXPECT_LE(low[i], have[i]) << "output " << i;
    EXPECT_GE(high[i], have[i]) << "output " << i;
    tally.undecided += low[i] != high[i] ? 1 : 0;
    ++tally.outputs;
  }
}

// A network of one node from the 8-bit input to `out`.
Graph one_node(Node node, const Shape& in, int z, const Shape& out, const Grid& grid) {
  Graph graph;
  graph.name = "golden";
  graph.tensors = {{"input", in, Grid::unsigned_grid(8, z), 1.0}, {"golden", out, grid, 1.0}};
  node.output = 1;
  graph.nodes = {std::move(node)};
  graph.output = 1;
  return graph;
}

// Pixel p of the 1 x N input is inputs[p].
std::vector<std::uint8_t> flatten(const json& inputs) {
  std::vector<std::uint8_t> codes;
  for (const auto& pixel : inputs) {
    for (const auto& code : pixel) codes.push_back(code.get<std::uint8_t>());
  }
  return codes;
}

TEST(Golden, Convolution) {
  Tally tally;
  for (const json& golden : golden_cases("conv")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto gamma = hex_doubles(golden.at("gamma"));
    const auto beta = hex_doubles(golden.at("beta"));
    const auto mean = hex_doubles(golden.at("mean"));
    const auto variance = hex_doubles(golden.at("variance"));
    const auto bias = hex_doubles(golden.at("bias"));
    const auto s_w = hex_doubles(golden.at("s_w"));
    const auto weights = golden_weights(golden.at("weights"));
    const Grid out = golden_grid(golden.at("out"));
    const BatchNormParameters batch_norm{gamma, beta, mean, variance, hex_double(golden.at("eps"))};
    ConvParameters p;
    p.layer = "golden";
    p.weights = weights;
    p.out_channels = static_cast<int>(golden.at("weights").size());
    p.vmax = golden.at("vmax").get<std::int64_t>();
    p.s_x = hex_double(golden.at("s_x"));
    p.s_w = s_w;
    p.batch_norm = gamma.empty() ? nullptr : &batch_norm;
    p.bias = bias;
    const bool has_residual = !golden.at("residual").is_null();
    ResidualParameters residual;
    if (has_residual) {
      residual = {hex_double(golden.at("residual").at("scale")),
                  golden.at("residual").at("vmax").get<std::int64_t>()};
    }
    Node node;
    const auto derive = [&] {
      return derive_conv(p, out, hex_double(golden.at("s_y")), has_residual ? &residual : nullptr);
    };
    if (!check_derivation(golden, derive, node.state.q)) continue;

    const auto samples = static_cast<int>(golden.at("inputs").size());
    const auto taps = static_cast<int>(golden.at("weights").at(0).size());
    const int z = golden.at("z").get<int>();
    const int bits = golden.at("weight_bits").get<int>();
    node.inputs = has_residual ? std::vector<int>{0, 0} : std::vector<int>{0};
    node.state.residual = has_residual;
    node.state.pad_code = z;
    node.state.weight_grid = bits == 1 ? Grid::bipolar() : Grid::weight_grid(bits);
    node.state.weights = weights;
    const Graph graph = one_node(node, {1, samples, taps}, z, {1, samples, p.out_channels}, out);
    check_outputs(golden, Oracle(graph).run(flatten(golden.at("inputs")))[1], tally);
  }
  // Few real numbers lie so near a tie: else the bound would say nothing.
  EXPECT_GT(tally.outputs, 4000);
  EXPECT_LT(tally.undecided, tally.outputs / 20);
}

TEST(Golden, Logits) {
  for (const json& golden : golden_cases("logits")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto weights = golden_weights(golden.at("weights"));
    const auto bias = hex_doubles(golden.at("bias"));
    const std::vector<double> s_w = {hex_double(golden.at("s_w"))};
    ConvParameters p;
    p.layer = "golden";
    p.weights = weights;
    p.out_channels = static_cast<int>(golden.at("weights").size());
    p.vmax = golden.at("vmax").get<std::int64_t>();
    p.s_x = hex_double(golden.at("s_x"));
    p.s_w = s_w;
    p.bias = bias;
    Requantization q;
    check_derivation(
        golden, [&] { return derive_logits(p); }, q);
  }
}

TEST(Golden, Add) {
  Tally tally;
  for (const json& golden : golden_cases("add")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto scales = hex_doubles(golden.at("scales"));
    const std::vector<std::int64_t> vmax(scales.size(), golden.at("vmax").get<std::int64_t>());
    const Grid out = golden_grid(golden.at("out"));
    Node node;
    node.state.op = Op::kAdd;
    const auto derive = [&] { return derive_add("golden", scales, vmax, out, hex_double(golden.at("s_y"))); };
    if (!check_derivation(golden, derive, node.state.q)) continue;
    const auto codes = golden.at("inputs").get<std::vector<std::uint8_t>>();
    const Shape shape{1, static_cast<int>(codes.size()), 1};
    node.inputs.assign(scales.size(), 0);
    const Graph graph = one_node(node, shape, golden.at("z").get<int>(), shape, out);
    check_outputs(golden, Oracle(graph).run(codes)[1], tally);
  }
  EXPECT_GT(tally.outputs, 1500);
  EXPECT_LT(tally.undecided, tally.outputs / 10);
}

TEST(Golden, AveragePooling) {
  Tally tally;
  for (const json& golden : golden_cases("avg_pool")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const int kernel_h = golden.at("kernel_h").get<int>();
    const int kernel_w = golden.at("kernel_w").get<int>();
    const int z = golden.at("z").get<int>();
    const Grid out = golden_grid(golden.at("out"));
    Node node;
    node.inputs = {0};
    node.state.op = Op::kAvgPool;
    const auto derive = [&] {
      return derive_avg_pool("golden", hex_double(golden.at("s_x")), golden.at("vmax").get<std::int64_t>(),
                             kernel_h * kernel_w, out, hex_double(golden.at("s_y")));
    };
    if (!check_derivation(golden, derive, node.state.q)) continue;
    // One channel for each sample: the window's position n of channel c is inputs[c][n].
    const auto windows = golden.at("inputs").get<std::vector<std::vector<std::uint8_t>>>();
    std::vector<std::uint8_t> codes;
    for (std::size_t n = 0; n < windows[0].size(); ++n) {
      for (const auto& window : windows) codes.push_back(window[n]);
    }
    const auto channels = static_cast<int>(windows.size());
    node.state.window.kernel_h = kernel_h;
    node.state.window.kernel_w = kernel_w;
    node.state.pad_code = z;
    const Graph graph = one_node(node, {kernel_h, kernel_w, channels}, z, {1, 1, channels}, out);
    check_outputs(golden, Oracle(graph).run(codes)[1], tally);
  }
  EXPECT_GT(tally.outputs, 400);
  EXPECT_LT(tally.undecided, tally.outputs / 10);
}

}  // namespace
}  // namespace intact
