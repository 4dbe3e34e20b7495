// The zoo's networks: valid as configs, and of the size they are meant to have.
#include "config/zoo.h"

#include <gtest/gtest.h>

#include <map>

#include "config_text.h"

namespace intact::test {
namespace {

struct Size {
  long h, w, c;
};

// Multiply-accumulates of a network of the zoo, for its input size.
long macs(const std::vector<LayerConfig>& layers, Size input) {
  std::map<std::string, Size> sizes{{"input", input}};
  long total = 0;
  for (const LayerConfig& l : layers) {
    const Size in = sizes.at(l.inputs.front());
    Size out = in;
    if (l.kind == LayerKind::kGlobalAvgPool) out = {1, 1, in.c};
    if (l.kind == LayerKind::kLinear) {
      out = {1, 1, l.out};
      total += in.h * in.w * in.c * l.out;
    }
    if (l.kind == LayerKind::kConv || l.kind == LayerKind::kMaxPool) {
      out.h = (in.h + l.padding[0] + l.padding[2] - l.kernel[0]) / l.stride[0] + 1;
      out.w = (in.w + l.padding[1] + l.padding[3] - l.kernel[1]) / l.stride[1] + 1;
    }
    if (l.kind == LayerKind::kConv) {
      out.c = l.depthwise ? in.c : l.out;
      total += out.h * out.w * out.c * l.kernel[0] * l.kernel[1] * (l.depthwise ? 1 : in.c);
    }
    if (!l.residual.empty()) {
      const Size other = sizes.at(l.residual);
      EXPECT_TRUE(other.h == out.h && other.w == out.w && other.c == out.c) << l.name;
    }
    EXPECT_TRUE(out.h >= 1 && out.w >= 1) << l.name;
    sizes[l.name] = out;
  }
  return total;
}

TEST(Zoo, Sizes) {
  EXPECT_EQ(macs(*expand_zoo("plain_cnn"), {28, 28, 1}), 112896 + 903168 + 903168 + 640);
  EXPECT_EQ(macs(*expand_zoo("residual_cnn"), {28, 28, 1}),
            28224 + 903168 + (25088 + 225792 + 451584) + 903168 + 320);
  EXPECT_EQ(macs(*expand_zoo("lenet5"), {28, 28, 1}), 117600 + 240000 + 48000 + 10080 + 840);
  EXPECT_EQ(macs(*expand_zoo("resnet8"), {32, 32, 3}), 12501632);    // MLPerf Tiny: 12.5 M
  EXPECT_EQ(macs(*expand_zoo("ds_cnn", 12), {49, 10, 1}), 2656768);  // MLPerf Tiny: 2.7 M
  EXPECT_LT(macs(*expand_zoo("depthwise_cnn"), {28, 28, 1}), 1000000);
}

TEST(Zoo, UnknownName) {
  EXPECT_FALSE(expand_zoo("resnet9").has_value());
}

TEST(Zoo, EveryNetworkIsAValidModel) {
  for (const std::string_view name : zoo_names()) {
    SCOPED_TRACE(name);
    const ExperimentConfig config = parse(with_model("  zoo: " + std::string(name) + "\n  classes: 11\n"));
    EXPECT_EQ(config.model.layers.back().out, 11);
    EXPECT_EQ(parse_config(dump_config(config), "written out"), config);  // through the checks of layers
  }
}

}  // namespace
}  // namespace intact::test
