#include "tests/support/random_graph.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/error.h"
#include "integer/derive.h"
#include "integer/oracle.h"
#include "tests/support/random_parts.h"

namespace intact::test {
namespace {

constexpr std::uint64_t kGraphStream = 1;
constexpr std::uint64_t kInputStream = 2;

// Mean and variance of a tensor's centred values over a sample: what batch norm would have seen.
struct Moments {
  double mean = 0;
  double variance = 1;
};

Moments moments_of(const Values& codes, std::int32_t z) {
  double sum = 0;
  double squares = 0;
  for (const std::int32_t q : codes) {
    const double v = q - z;
    sum += v;
    squares += v * v;
  }
  const auto n = static_cast<double>(codes.size());
  const double mean = sum / n;
  return {mean, std::max(squares / n - mean * mean, 0.01)};
}

// Steps of the output grid that hold about three standard deviations.
double useful_range(const Grid& grid) {
  if (grid.kind == GridKind::kBipolar) return 1;
  const double above = grid.qmax - grid.z;
  const double below = grid.z - grid.qmin;
  return std::max({above, below, 1.0});
}

class Builder {
 public:
  Builder(std::uint64_t seed, const RandomGraphOptions& options)
      : options_(options), rng_(seed, {kGraphStream}), seed_(seed) {
    graph_.name = "random-" + std::to_string(seed);
    const int extent = std::max(options.max_extent, 1);
    TensorInfo input{
        "input", {between(rng_, 1, extent), between(rng_, 1, extent), 1}, Grid::unsigned_grid(8), 1};
    input.shape.c = chance(rng_, 0.5) ? std::min(options.max_channels, pick(rng_, std::vector<int>{1, 3}))
                                      : random_channels(rng_, options.max_channels);
    if (chance(rng_, 0.6)) input.grid.z = between(rng_, 0, 255);
    input.scale = real_between(rng_, 0.002, 0.03);
    graph_.tensors.push_back(input);
    measure();
  }

  Graph build() {
    const bool logits = options_.conv && chance(rng_, options_.logits);
    const int count = between(rng_, options_.min_nodes, options_.max_nodes) - (logits ? 1 : 0);
    for (int i = 0; i < count; ++i) append_random();
    if (logits) append_conv_over_image(Grid::int32());
    verify(graph_);
    return std::move(graph_);
  }

 private:
  const TensorInfo& tensor(int index) const { return graph_.tensors[static_cast<std::size_t>(index)]; }
  const Moments& moments(int index) const { return moments_[static_cast<std::size_t>(index)]; }

  // The latest tensor mostly, so that networks get deep.
  int pick_input() {
    const int last = static_cast<int>(graph_.nodes.size());
    return chance(rng_, 0.75) ? last : between(rng_, 0, last);
  }

  std::vector<int> tensors_like(const Shape& shape, bool channels_too) const {
    std::vector<int> found;
    for (std::size_t i = 0; i < graph_.tensors.size(); ++i) {
      const Shape& s = graph_.tensors[i].shape;
      if (s.h == shape.h && s.w == shape.w && (!channels_too || s.c == shape.c))
        found.push_back(static_cast<int>(i));
    }
    return found;
  }

  void append_random() {
    std::vector<std::function<void()>> ways;
    const auto plain = [this] { append_conv(); };
    if (options_.conv) ways.insert(ways.end(), 3, plain);
    if (options_.conv && options_.residual) ways.emplace_back([this] { append_residual_conv(); });
    if (options_.conv && options_.depthwise) ways.emplace_back([this] { append_depthwise(); });
    // Seldom: nothing but 1x1 follows.
    if (options_.conv && options_.linear && chance(rng_, 0.2)) {
      ways.emplace_back([this] { append_conv_over_image(random_activation_grid(rng_, options_)); });
    }
    if (options_.add) ways.emplace_back([this] { append_add(); });
    if (options_.avg_pool) ways.emplace_back([this] { append_avg_pool(); });
    if (options_.max_pool) ways.emplace_back([this] { append_max_pool(); });
    if (ways.empty()) throw Error("random_graph: every operation is switched off");
    pick(rng_, ways)();
  }

  void append(Node node, const Shape& shape, const Grid& grid, double scale, const char* kind) {
    node.output = static_cast<int>(graph_.tensors.size());
    graph_.tensors.push_back({kind + std::to_string(node.output), shape, grid, scale});
    graph_.output = node.output;
    graph_.nodes.push_back(std::move(node));
    if (grid.kind != GridKind::kInt32) measure();
  }

  // The moments of the newest tensor, by running the network so far on a sample.
  void measure() {
    const std::vector<std::uint8_t> sample = random_input(graph_, seed_ * 4);
    if (graph_.nodes.empty()) {
      const std::int32_t z = graph_.tensors[0].grid.z;
      moments_.push_back(moments_of(Values(sample.begin(), sample.end()), z));
      return;
    }
    moments_.push_back(moments_of(Oracle(graph_).run(sample).back(), graph_.tensors.back().grid.z));
  }

  // Doubles the output's scale until the derivation accepts it.
  template <typename Derive>
  Requantization derive_with(double& s_y, Derive derive) {
    for (int attempt = 0; attempt < 200; ++attempt) {
      try {
        return derive();
      } catch (const Error&) {
        s_y *= 2;
      }
    }
    throw Error("random_graph: no output scale was accepted");
  }

  int random_groups(int in, int out) {
    std::vector<int> divisors;
    const int common = std::gcd(in, out);
    for (int d = 1; d <= common; ++d) {
      if (common % d == 0) divisors.push_back(d);
    }
    return options_.groups && chance(rng_, 0.25) ? pick(rng_, divisors) : 1;
  }

  void append_conv() {
    const int x = pick_input();
    const Shape in = tensor(x).shape;
    Window window = random_window(rng_, in, false, options_.dilation);
    Shape out = output_shape(in, window, random_channels(rng_, options_.max_channels));
    limit_channels(window, in, out);
    if (macs(window, in.c, out) > options_.max_node_macs) {
      window = Window{};
      out = output_shape(in, window, out.c);
    }
    append_conv_node({x}, window, out, random_groups(in.c, out.c));
  }

  void append_depthwise() {
    const int x = pick_input();
    const Shape in = tensor(x).shape;
    const Window window = random_window(rng_, in, false, options_.dilation);
    const int times = 2 * in.c <= options_.max_channels && chance(rng_, 0.2) ? 2 : 1;
    append_conv_node({x}, window, output_shape(in, window, in.c * times), in.c);
  }

  void append_residual_conv() {
    const int residual = pick_input();
    const Shape shape = tensor(residual).shape;
    const int x = pick(rng_, tensors_like(shape, false));
    const int channels = tensor(x).shape.c;
    const int groups = random_groups(channels, shape.c);
    Window window = random_same_window(rng_, options_.dilation);
    if (macs(window, channels / groups, shape) > options_.max_node_macs) window = Window{};
    append_conv_node({x, residual}, window, shape, groups);
  }

  void append_conv_over_image(const Grid& grid) {
    const int x = static_cast<int>(graph_.nodes.size());
    const Shape in = tensor(x).shape;
    Window window;
    window.kernel_h = in.h;
    window.kernel_w = in.w;
    const bool logits = grid.kind == GridKind::kInt32;
    Shape out{1, 1, logits ? between(rng_, 1, 12) : random_channels(rng_, options_.max_channels)};
    out.c = std::min(out.c, options_.max_channels);
    limit_channels(window, in, out);
    append_conv_node({x}, window, out, 1, &grid);
  }

  static std::int64_t macs(const Window& window, int channels_in, const Shape& out) {
    return out.elements() * window.kernel_h * window.kernel_w * channels_in;
  }

  void limit_channels(const Window& window, const Shape& in, Shape& out) const {
    while (out.c > 1 && macs(window, in.c, out) > options_.max_node_macs) out.c /= 2;
  }

  void append_conv_node(const std::vector<int>& inputs, const Window& window, const Shape& out, int groups,
                        const Grid* out_grid = nullptr) {
    const TensorInfo& x = tensor(inputs[0]);
    const bool extreme = chance(rng_, options_.extreme);
    const Grid grid = out_grid != nullptr ? *out_grid : random_activation_grid(rng_, options_);

    Node node;
    node.inputs = inputs;
    IntState& state = node.state;
    state.window = window;
    state.groups = groups;
    state.residual = inputs.size() == 2;
    state.pad_code = x.grid.kind == GridKind::kBipolar ? -1 : x.grid.z;
    state.weight_grid = random_weight_grid(rng_, options_);
    const std::int64_t taps =
        static_cast<std::int64_t>(window.kernel_h) * window.kernel_w * (x.shape.c / groups);
    state.weights = random_weights(rng_, state.weight_grid, out.c, taps, extreme);

    if (grid.kind == GridKind::kInt32) {
      append_logits(std::move(node), out);
      return;
    }
    double s_y = 0;
    state.q = derive_random_conv(node, out.c, grid, extreme, s_y);
    append(std::move(node), out, grid, s_y, "conv");
  }

  // Statistics of channel c's accumulator for independent inputs.
  Moments accumulator_moments(const Node& node, int channels, int c) const {
    const std::vector<std::int8_t>& weights = node.state.weights;
    const std::size_t taps = weights.size() / static_cast<std::size_t>(channels);
    const Moments& in = moments(node.inputs[0]);
    Moments acc{0, 0};
    for (std::size_t n = 0; n < taps; ++n) {
      const double w = weights[static_cast<std::size_t>(c) * taps + n];
      acc.mean += w * in.mean;
      acc.variance += w * w * in.variance;
    }
    acc.variance = std::max(acc.variance, 1.0);
    return acc;
  }

  Requantization derive_random_conv(const Node& node, int channels, const Grid& grid, bool extreme,
                                    double& s_y) {
    const TensorInfo& x = tensor(node.inputs[0]);
    const bool normalized = chance(rng_, 0.7);
    const bool per_channel = chance(rng_, 0.7);
    const auto n = static_cast<std::size_t>(channels);
    std::vector<double> s_w;
    std::vector<double> gamma(n), beta(n), mean(n), variance(n);
    const double base = real_between(rng_, 0.01, 0.2);
    double widest = 1e-9;
    for (std::size_t c = 0; c < n; ++c) {
      if (s_w.empty() || per_channel) s_w.push_back(base * real_between(rng_, 0.5, 2));
      const double step = x.scale * s_w.back();
      const Moments acc = accumulator_moments(node, channels, static_cast<int>(c));
      mean[c] = acc.mean * step * real_between(rng_, 0.8, 1.2);
      variance[c] = acc.variance * step * step * real_between(rng_, 0.7, 1.4);
      gamma[c] = real_between(rng_, -1, 1.5);
      beta[c] = real_between(rng_, -1, 1);
      if (extreme) distort(gamma[c], beta[c], variance[c]);
      if (!normalized) beta[c] -= mean[c];
      widest = std::max(widest, normalized ? 1.0 : std::sqrt(variance[c]));
    }
    s_y = 3 * widest / useful_range(grid) * real_between(rng_, 0.5, 1.5);
    if (extreme && chance(rng_, 0.3)) s_y /= 1 << between(rng_, 1, 10);

    const BatchNormParameters bn{gamma, beta, mean, variance, 1e-5};
    ConvParameters p;
    p.layer = "conv";
    p.weights = node.state.weights;
    p.out_channels = channels;
    p.vmax = x.grid.vmax();
    p.s_x = x.scale;
    p.s_w = s_w;
    if (normalized) {
      p.batch_norm = &bn;
    } else if (chance(rng_, 0.9)) {
      p.bias = beta;
    }
    ResidualParameters residual;
    if (node.state.residual) residual = {tensor(node.inputs[1]).scale, tensor(node.inputs[1]).grid.vmax()};
    return derive_with(s_y,
                       [&] { return derive_conv(p, grid, s_y, node.state.residual ? &residual : nullptr); });
  }

  // Parameters at the edge of what training may reach.
  void distort(double& gamma, double& beta, double& variance) {
    switch (between(rng_, 0, 5)) {
      case 0:
        gamma = 0;
        break;
      case 1:
        gamma *= 1 << between(rng_, 1, 12);
        break;
      case 2:
        beta *= 1 << between(rng_, 1, 8);
        break;
      case 3:
        variance = 0;  // a dead channel: g = gamma / sqrt(eps)
        break;
      case 4:
        gamma *= 1e-6;
        break;
      default:
        break;
    }
  }

  void append_logits(Node node, const Shape& out) {
    const TensorInfo& x = tensor(node.inputs[0]);
    const std::vector<double> s_w = {real_between(rng_, 0.01, 0.2)};
    std::vector<double> bias(static_cast<std::size_t>(out.c));
    const double spread = x.scale * s_w[0] * std::sqrt(accumulator_moments(node, out.c, 0).variance);
    for (double& b : bias) b = spread * real_between(rng_, -2, 2);
    ConvParameters p;
    p.layer = "logits";
    p.weights = node.state.weights;
    p.out_channels = out.c;
    p.vmax = x.grid.vmax();
    p.s_x = x.scale;
    p.s_w = s_w;
    if (chance(rng_, 0.9)) p.bias = bias;
    node.state.q = derive_logits(p);
    append(std::move(node), out, Grid::int32(), p.s_x * s_w[0], "logits");
  }

  void append_add() {
    const Shape shape = tensor(pick_input()).shape;
    const std::vector<int> candidates = tensors_like(shape, true);
    const int count = chance(rng_, 0.6) ? 2 : between(rng_, 1, 8);
    Node node;
    node.state.op = Op::kAdd;
    std::vector<double> scales;
    std::vector<std::int64_t> vmax;
    double variance = 0;
    for (int i = 0; i < count; ++i) {
      const int x = pick(rng_, candidates);
      node.inputs.push_back(x);
      scales.push_back(tensor(x).scale);
      vmax.push_back(tensor(x).grid.vmax());
      variance += moments(x).variance * tensor(x).scale * tensor(x).scale;
    }
    const Grid grid = random_activation_grid(rng_, options_);
    double s_y = 3 * std::sqrt(variance) / useful_range(grid) * real_between(rng_, 0.5, 1.5);
    if (chance(rng_, options_.extreme)) s_y /= 1 << between(rng_, 1, 12);
    node.state.q = derive_with(s_y, [&] { return derive_add("add", scales, vmax, grid, s_y); });
    append(std::move(node), shape, grid, s_y, "add");
  }

  void append_avg_pool() {
    const int x = pick_input();
    const TensorInfo& in = tensor(x);
    Node node;
    node.inputs = {x};
    IntState& state = node.state;
    state.op = Op::kAvgPool;
    if (chance(rng_, 0.25)) {  // global
      state.window.kernel_h = in.shape.h;
      state.window.kernel_w = in.shape.w;
    } else {
      state.window = random_window(rng_, in.shape, true, false);
    }
    state.pad_code = in.grid.z;
    const int count = state.window.kernel_h * state.window.kernel_w;
    const Grid grid = random_activation_grid(rng_, options_);
    double s_y =
        in.scale * static_cast<double>(in.grid.vmax()) / useful_range(grid) * real_between(rng_, 0.2, 1.2);
    if (chance(rng_, options_.extreme)) s_y /= 1 << between(rng_, 1, 12);
    state.q =
        derive_with(s_y, [&] { return derive_avg_pool("avg", in.scale, in.grid.vmax(), count, grid, s_y); });
    const Shape out = output_shape(in.shape, state.window, in.shape.c);
    append(std::move(node), out, grid, s_y, "avgpool");
  }

  void append_max_pool() {
    const int x = pick_input();
    const TensorInfo in = tensor(x);
    Node node;
    node.inputs = {x};
    node.state.op = Op::kMaxPool;
    node.state.window = random_window(rng_, in.shape, true, false);
    const Shape out = output_shape(in.shape, node.state.window, in.shape.c);
    append(std::move(node), out, in.grid, in.scale, "maxpool");
  }

  const RandomGraphOptions& options_;
  RandomStream rng_;
  std::uint64_t seed_;
  Graph graph_;
  std::vector<Moments> moments_;  // per tensor
};

}  // namespace

Graph random_graph(std::uint64_t seed, const RandomGraphOptions& options) {
  return Builder(seed, options).build();
}

std::vector<std::uint8_t> random_input(const Graph& graph, std::uint64_t seed) {
  const TensorInfo& info = graph.tensors[static_cast<std::size_t>(graph.input)];
  RandomStream rng(seed, {kInputStream});
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(info.shape.elements()));
  const std::uint32_t style = seed % 4 == 0 ? 0 : rng.below(6);  // multiples of 4: noise
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto noise = static_cast<std::uint8_t>(rng.below(256));
    switch (style) {
      case 1:
        codes[i] = 0;
        break;
      case 2:
        codes[i] = 255;
        break;
      case 3:
        codes[i] = noise < 128 ? 0 : 255;
        break;
      case 4:
        codes[i] = static_cast<std::uint8_t>(i);
        break;
      default:
        codes[i] = noise;
    }
  }
  return codes;
}

}  // namespace intact::test
