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

struct Costs {
  long macs = 0;
  long parameters = 0;  // weights, biases, and two numbers of batch norm a channel
};

// Of a network of the zoo, for its input size.
Costs costs(const std::vector<LayerConfig>& layers, Size input) {
  std::map<std::string, Size> sizes{{"input", input}};
  Costs total;
  for (const LayerConfig& l : layers) {
    const Size in = sizes.at(l.inputs.front());
    Size out = in;
    if (l.kind == LayerKind::kGlobalAvgPool) out = {1, 1, in.c};
    if (l.kind == LayerKind::kLinear) {
      out = {1, 1, l.out};
      const long weights = in.h * in.w * in.c * l.out;
      total.macs += weights;
      total.parameters += weights;
    }
    if (l.kind == LayerKind::kConv || l.kind == LayerKind::kMaxPool) {
      out.h = (in.h + l.padding[0] + l.padding[2] - l.kernel[0]) / l.stride[0] + 1;
      out.w = (in.w + l.padding[1] + l.padding[3] - l.kernel[1]) / l.stride[1] + 1;
    }
    if (l.kind == LayerKind::kConv) {
      out.c = l.depthwise ? in.c : l.out;
      const long weights = out.c * l.kernel[0] * l.kernel[1] * (l.depthwise ? 1 : in.c);
      total.macs += out.h * out.w * weights;
      total.parameters += weights;
    }
    if (l.kind == LayerKind::kConv || l.kind == LayerKind::kLinear)
      total.parameters += out.c * (l.batch_norm ? 2 : l.bias ? 1 : 0);
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
  EXPECT_EQ(costs(*expand_zoo("plain_cnn"), {28, 28, 1}).macs, 225792 + 1806336 + 903168 + 1806336 + 640);
  EXPECT_EQ(costs(*expand_zoo("residual_cnn"), {28, 28, 1}).macs,
            28224 + 903168 + (25088 + 225792 + 451584) + 903168 + 320);
  EXPECT_EQ(costs(*expand_zoo("lenet5"), {28, 28, 1}).macs, 117600 + 240000 + 48000 + 10080 + 840);
  EXPECT_EQ(costs(*expand_zoo("resnet8"), {32, 32, 3}).macs, 12501632);    // MLPerf Tiny: 12.5 M
  EXPECT_EQ(costs(*expand_zoo("ds_cnn", 12), {49, 10, 1}).macs, 2656768);  // MLPerf Tiny: 2.7 M
  EXPECT_LT(costs(*expand_zoo("depthwise_cnn"), {28, 28, 1}).macs, 1000000);
}

// Numbers that others published. Keras counts two moving statistics a channel of batch norm too, and the
// reference models of MLPerf Tiny have biases in front of batch norm, where ours have none because they would
// change nothing.
TEST(Zoo, PublishedSizes) {
  // He et al. 2016 have 0.27 M parameters: 269,722 with option A; option B adds two convolutions of 16 x 32
  // and 32 x 64 weights and the batch norm of their 96 channels.
  const Costs resnet20 = costs(*expand_zoo("resnet20"), {32, 32, 3});
  EXPECT_EQ(resnet20.parameters, 269722 + 512 + 2048 + 2 * 96);
  EXPECT_EQ(resnet20.macs, 40813184);
  // MLPerf Tiny, image classification: 78,666. Its shortcuts have no batch norm: ours of 96 channels.
  EXPECT_EQ(costs(*expand_zoo("resnet8"), {32, 32, 3}).parameters - 2 * 96, 78666 - (240 + 96) - 2 * 240);
  // MLPerf Tiny, visual wake words: 221,794, with 2,736 channels of batch norm; 7.5 M MACs.
  const Costs mobilenet = costs(*expand_zoo("mobilenet", 2), {96, 96, 3});
  EXPECT_EQ(mobilenet.parameters, 221794 - 2736 - 2 * 2736);
  EXPECT_NEAR(static_cast<double>(mobilenet.macs), 7.5e6, 0.05e6);
  // MLPerf Tiny, anomaly detection: 269,992, with 1,032 channels of batch norm.
  const Costs autoencoder = costs(*expand_zoo("autoencoder"), {1, 1, 640});
  EXPECT_EQ(autoencoder.parameters, 269992 - 1032 - 2 * 1032);
  EXPECT_EQ(autoencoder.macs, 264192);
  // VGG-Small of the literature has four times the channels: 38.6 M here, by hand.
  EXPECT_EQ(costs(*expand_zoo("vgg_small"), {32, 32, 3}).macs,
            884736 + 9437184 + 4718592 + 9437184 + 4718592 + 9437184 + 20480);
}

TEST(Zoo, UnknownName) {
  EXPECT_FALSE(expand_zoo("resnet9").has_value());
}

TEST(Zoo, Outputs) {
  EXPECT_EQ(parse(with_model("  zoo: lenet5\n")).model.layers.back().out, 10);
  EXPECT_EQ(parse(with_model("  zoo: autoencoder\n")).model.layers.back().out, 640);
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
