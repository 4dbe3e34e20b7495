#include "kernels/conv_cases.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/error.h"
#include "integer/derive.h"
#include "support/random_parts.h"

namespace intact::test {
namespace {

constexpr std::int64_t kMostMacs = 60000;

enum class Form { kAny, kSquare, kPoint, kDepthwise, kWholeImage, kStrided, kLine };

Form random_form(RandomStream& rng) {
  static const std::vector<Form> forms{Form::kAny,        Form::kAny,     Form::kAny,       Form::kSquare,
                                       Form::kSquare,     Form::kPoint,   Form::kDepthwise, Form::kDepthwise,
                                       Form::kWholeImage, Form::kStrided, Form::kLine};
  return pick(rng, forms);
}

// Padding on one side only, now and then.
void skew_padding(RandomStream& rng, Window& w) {
  if (!chance(rng, 0.25)) return;
  int* const sides[] = {&w.pad_top, &w.pad_left, &w.pad_bottom, &w.pad_right};
  const int keep = between(rng, 0, 3);
  for (int side = 0; side < 4; ++side) {
    if (side != keep) *sides[side] = 0;
  }
}

Window square_window(RandomStream& rng, int kernel, int stride) {
  Window w;
  w.kernel_h = w.kernel_w = kernel;
  w.stride_h = w.stride_w = stride;
  w.pad_top = w.pad_left = w.pad_bottom = w.pad_right = kernel / 2;
  skew_padding(rng, w);
  return w;
}

Window line_window(RandomStream& rng) {
  Window w;
  w.kernel_w = between(rng, 2, 9);
  w.pad_left = between(rng, 0, w.kernel_w - 1);
  w.pad_right = between(rng, 0, w.kernel_w - 1);
  w.stride_w = between(rng, 1, 2);
  w.dilation_w = chance(rng, 0.2) ? 2 : 1;
  if (chance(rng, 0.4)) {
    std::swap(w.kernel_h, w.kernel_w);
    std::swap(w.pad_top, w.pad_left);
    std::swap(w.pad_bottom, w.pad_right);
    std::swap(w.stride_h, w.stride_w);
    std::swap(w.dilation_h, w.dilation_w);
  }
  return w;
}

int channels(RandomStream& rng) {
  static const std::vector<int> more{48, 63, 64, 65};
  return chance(rng, 0.12) ? pick(rng, more) : random_channels(rng, 40);
}

// Both of the same width mostly, as networks have them; each of its own else.
struct Bits {
  RandomGraphOptions weights, activations;
};

Bits random_bits(RandomStream& rng) {
  Bits bits;
  if (chance(rng, 0.6)) {
    static const std::vector<int> widths{8, 8, 4, 4, 2, 1};
    const int width = pick(rng, widths);
    bits.weights.weight_bits = bits.activations.activation_bits = {width};
  } else {
    static const std::vector<int> widths{1, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8};
    bits.weights.weight_bits = {pick(rng, widths)};
    bits.activations.activation_bits = {pick(rng, widths)};
  }
  return bits;
}

class Case {
 public:
  explicit Case(std::uint64_t seed) : rng_(seed, {0x6b65726e}) {
    graph_.name = "conv-" + std::to_string(seed);
  }

  Graph make() {
    const Form form = random_form(rng_);
    const Bits bits = random_bits(rng_);
    Shape in{extent(), extent(), channels(rng_)};
    Window window = window_of(form, in);
    const Shape out = fit(form, in, window);
    const int groups = groups_of(form, in.c, out.c);

    graph_.tensors.push_back(
        {"input", {in.h, in.w, chance(rng_, 0.5) ? 1 : between(rng_, 2, 4)}, Grid::unsigned_grid(8), 1.0});
    if (chance(rng_, 0.5)) graph_.tensors[0].grid.z = between(rng_, 0, 255);
    const int x = convert("x", in.c, random_activation_grid(rng_, bits.activations), Window{});
    std::optional<int> residual;
    const bool logits = chance(rng_, 0.08);
    if (!logits && chance(rng_, 0.3))
      residual = convert("residual", out.c, random_activation_grid(rng_, {}), window);
    Grid grid = random_activation_grid(rng_, chance(rng_, 0.5) ? bits.activations : RandomGraphOptions{});
    if (residual && chance(rng_, 0.2)) grid = tensor(*residual).grid;
    append("y", x, residual, window, groups, random_weight_grid(rng_, bits.weights), out.c,
           logits ? Grid::int32() : grid);
    verify(graph_);
    return std::move(graph_);
  }

 private:
  const TensorInfo& tensor(int index) const { return graph_.tensors[static_cast<std::size_t>(index)]; }

  int extent() { return chance(rng_, 0.1) ? 1 : between(rng_, 1, 17); }

  Window window_of(Form form, const Shape& in) {
    switch (form) {
      case Form::kPoint:
        return square_window(rng_, 1, chance(rng_, 0.8) ? 1 : 2);
      case Form::kSquare:
        return square_window(rng_, 3, 1);
      case Form::kDepthwise:
        if (chance(rng_, 0.4)) return random_window(rng_, in, false, true);
        return square_window(rng_, chance(rng_, 0.7) ? 3 : 5, between(rng_, 1, 2));
      case Form::kStrided:
        return square_window(rng_, between(rng_, 1, 5), between(rng_, 2, 3));
      case Form::kLine:
        return line_window(rng_);
      case Form::kWholeImage: {
        Window w;
        w.kernel_h = in.h;
        w.kernel_w = in.w;
        return w;
      }
      default:
        return random_window(rng_, in, false, true);
    }
  }

  // The output's shape; makes input and window smaller where the work is too much or the window does not fit.
  Shape fit(Form form, Shape& in, Window& window) {
    const bool depthwise = form == Form::kDepthwise;
    int out_channels = depthwise ? in.c * (chance(rng_, 0.15) ? 2 : 1) : channels(rng_);
    for (;;) {
      const Shape out = output_shape(in, window, out_channels);
      if (out.h < 1 || out.w < 1) {
        window = Window{};
        continue;
      }
      const std::int64_t taps = std::int64_t{window.kernel_h} * window.kernel_w * (depthwise ? 1 : in.c);
      if (out.elements() * taps <= kMostMacs) return out;
      if (form == Form::kWholeImage && out.c > 8) {
        out_channels /= 2;
      } else if (in.h > 3 && in.h >= in.w) {
        in.h /= 2;
      } else if (in.w > 3) {
        in.w /= 2;
      } else {
        (out.c > 8 && !depthwise ? out_channels : in.c) /= 2;
        if (depthwise) out_channels = in.c;
      }
      if (form == Form::kWholeImage) {
        window.kernel_h = in.h;
        window.kernel_w = in.w;
      }
    }
  }

  int groups_of(Form form, int in, int out) {
    if (form == Form::kDepthwise) return in;
    if (form != Form::kAny || chance(rng_, 0.6)) return 1;
    std::vector<int> divisors;
    for (int d = 1; d <= std::min(in, out); ++d) {
      if (in % d == 0 && out % d == 0) divisors.push_back(d);
    }
    return pick(rng_, divisors);
  }

  // A tensor of the shape that `window` gives over the input, each pixel from one of the input's pixels.
  int convert(const std::string& name, int out_channels, const Grid& grid, const Window& window) {
    Window w = window;
    // Taps beyond one would cost: the first alone, with the padding that keeps the output's extent.
    w.pad_bottom -= w.dilation_h * (w.kernel_h - 1);
    w.pad_right -= w.dilation_w * (w.kernel_w - 1);
    w.kernel_h = w.kernel_w = 1;
    w.dilation_h = w.dilation_w = 1;
    const auto no_less_than_zero = [](int& a, int& b) {
      if (b < 0) a += b;
      b = std::max(b, 0);
    };
    no_less_than_zero(w.pad_top, w.pad_bottom);
    no_less_than_zero(w.pad_left, w.pad_right);
    const Shape wanted = output_shape(tensor(0).shape, window, out_channels);
    if (w.pad_top < 0 || w.pad_left < 0 || !(output_shape(tensor(0).shape, w, out_channels) == wanted)) {
      w = window;
    }
    return append(name, 0, std::nullopt, w, 1, Grid::weight_grid(8), out_channels, grid);
  }

  int append(const std::string& name, int x, std::optional<int> residual, const Window& window, int groups,
             const Grid& weight_grid, int out_channels, const Grid& grid) {
    const TensorInfo in = tensor(x);
    Node node;
    IntState& state = node.state;
    state.window = window;
    state.groups = groups;
    state.pad_code = in.grid.kind == GridKind::kBipolar ? -1 : in.grid.z;
    state.weight_grid = weight_grid;
    const std::int64_t taps = std::int64_t{window.kernel_h} * window.kernel_w * in.shape.c / groups;
    state.weights = random_weights(rng_, weight_grid, out_channels, taps, chance(rng_, 0.25));
    node.inputs = {x};
    if (residual) {
      node.inputs.push_back(*residual);
      state.residual = true;
    }
    requantize(state, in, residual, taps, out_channels, grid);
    node.output = static_cast<int>(graph_.tensors.size());
    graph_.tensors.push_back({name, output_shape(in.shape, window, out_channels), grid, 1.0});
    graph_.output = node.output;
    graph_.nodes.push_back(std::move(node));
    return graph_.output;
  }

  // Some 3 standard deviations of the accumulator on the output's grid; some multipliers negative, some
  // channels far outside.
  void requantize(IntState& state, const TensorInfo& in, std::optional<int> residual, std::int64_t taps,
                  int out_channels, const Grid& grid) {
    const auto n = static_cast<std::size_t>(out_channels);
    ConvParameters p;
    p.layer = "conv";
    p.weights = state.weights;
    p.out_channels = out_channels;
    p.vmax = in.grid.vmax();
    p.s_x = 1;
    const double widest = static_cast<double>(state.weight_grid.qmax);
    const double spread = 0.3 * static_cast<double>(p.vmax) * widest * std::sqrt(static_cast<double>(taps));
    std::vector<double> s_w{1.0}, gamma, beta, mean(n, 0.0), variance(n, 1.0);
    if (grid.kind == GridKind::kInt32) {
      p.s_w = s_w;
      for (std::size_t c = 0; c < n; ++c) beta.push_back(spread * real_between(rng_, -1, 1));
      p.bias = beta;
      state.q = derive_logits(p);
      return;
    }
    const bool per_channel = chance(rng_, 0.7);
    const bool extreme = chance(rng_, 0.15);
    for (std::size_t c = 0; c < n; ++c) {
      if (c > 0 && per_channel) s_w.push_back(real_between(rng_, 0.5, 2));
      gamma.push_back((chance(rng_, 0.2) ? -1 : 1) * real_between(rng_, 0.4, 1.6));
      beta.push_back(spread * real_between(rng_, -1, 1));
      if (extreme && chance(rng_, 0.3)) gamma.back() *= chance(rng_, 0.5) ? 1000 : 0;
      if (extreme && chance(rng_, 0.3)) beta.back() *= 100;
    }
    p.s_w = s_w;
    const BatchNormParameters norm{gamma, beta, mean, variance, 0.0};
    p.batch_norm = &norm;
    ResidualParameters other;
    if (residual) {
      const Grid& g = tensor(*residual).grid;
      other = {spread / static_cast<double>(g.vmax()) * real_between(rng_, 0.3, 2), g.vmax()};
      graph_.tensors[static_cast<std::size_t>(*residual)].scale = other.scale;
    }
    double s_y = 3 * spread / static_cast<double>(std::max<std::int64_t>(grid.vmax(), 1)) *
                 real_between(rng_, 0.4, 1.5);
    for (int attempt = 0; attempt < 100; ++attempt, s_y *= 2) {
      try {
        state.q = derive_conv(p, grid, s_y, residual ? &other : nullptr);
        return;
      } catch (const Error&) {
        // a multiplier beyond its range
      }
    }
    throw Error("no output scale was accepted");
  }

  RandomStream rng_;
  Graph graph_;
};

}  // namespace

Graph conv_case(std::uint64_t seed) {
  return Case(seed).make();
}

}  // namespace intact::test
