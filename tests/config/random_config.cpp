#include "random_config.h"

#include <algorithm>
#include <string>

#include "config/rectified.h"
#include "core/random.h"

namespace intact::test {
namespace {

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed, {0x636f6e666967}) {}

  ExperimentConfig make() {
    ExperimentConfig config;
    config.name = "run" + std::to_string(between(0, 999));
    config.seed = random_.next();
    config.threads = between(0, 1024);
    data(config.data);
    model(config.model);
    quantization(config);
    train(config.train);
    calibrate(config.calibrate);
    config.export_ = {between(4, 64), coin()};
    return config;
  }

 private:
  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint32_t>(high - low + 1)));
  }
  bool coin() { return random_.below(2) == 1; }
  double share() { return random_.uniform(); }
  double rate() { return 1e-9 + random_.uniform(); }
  template <class E>
  E choice(int last) {
    return static_cast<E>(between(0, last));
  }

  void data(DataConfig& data) {
    const char* const paths[] = {"/a b", "quote\" and \\ backslash", "# no comment", "true", "1e5",
                                 "~",    "\xc3\xa4/\xe2\x82\xac",    "- a: b",       "*x"};
    data.path = paths[between(0, 8)];
    data.kind = choice<DataKind>(4);
    const bool resized = data.kind == DataKind::kImageFolder;
    if (resized || (data.kind == DataKind::kCsv && coin())) {
      data.height = between(1, 4096);
      data.width = between(1, 4096);
      data.channels = resized ? 1 + 2 * between(0, 1) : between(1, 65535);
    }
    if (data.kind == DataKind::kCsv) data.csv = {choice<LabelColumn>(1), coin(), choice<FeatureRange>(1)};
    data.mean = share();
    data.std = rate();
    if (coin()) data.limit_train = between(1, 1 << 24);
    if (coin()) data.limit_test = between(1, 1 << 24);
    data.augment = {coin(), between(0, 256)};
  }

  void window(LayerConfig& layer) {
    layer.kernel = {between(1, 1024), between(1, 1024)};
    layer.stride = {between(1, 1024), between(1, 1024)};
  }

  void conv(LayerConfig& layer) {
    window(layer);
    layer.dilation = {between(1, 1024), between(1, 1024)};
    layer.padding = {between(0, 1024), between(0, 1024), between(0, 1024), between(0, 1024)};
    layer.depthwise = coin();
    layer.groups = layer.depthwise ? 1 : between(1, 5);
    layer.out = layer.groups * between(1, 100);
    if (layer.depthwise && coin()) layer.out = 0;
    if (coin()) layer.residual = earlier_;
  }

  LayerConfig layer(int index) {
    LayerConfig layer;
    layer.kind = choice<LayerKind>(6);
    layer.name = std::string(index % 2 == 0 ? "null" : "1.") +
                 std::to_string(index);  // words that YAML might take for something else
    layer.inputs = {last_};
    layer.bias = true;
    switch (layer.kind) {
      case LayerKind::kConv:
        conv(layer);
        break;
      case LayerKind::kLinear:
        layer.out = between(1, 65535);
        break;
      case LayerKind::kMaxPool:
      case LayerKind::kAvgPool:
        window(layer);
        layer.padding = {between(0, layer.kernel[0] - 1), between(0, layer.kernel[1] - 1), 0, 0};
        break;
      case LayerKind::kAdd:
        layer.inputs.resize(static_cast<std::size_t>(between(1, 8)), earlier_);
        break;
      case LayerKind::kGlobalAvgPool:
      case LayerKind::kFlatten:
        return layer;
    }
    const bool block = layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear;
    if (block) {
      layer.batch_norm = coin();
      layer.bias = !layer.batch_norm && coin();
    }
    if (block || layer.kind == LayerKind::kAdd) layer.activation = choice<ActivationKind>(2);
    return layer;
  }

  void model(ModelConfig& model) {
    const int count = between(0, 12);
    for (int i = 0; i < count; ++i) {
      model.layers.push_back(layer(i));
      earlier_ = last_;
      last_ = model.layers.back().name;
    }
    LayerConfig classifier;
    classifier.name = "classifier";
    classifier.kind = LayerKind::kLinear;
    classifier.inputs = {last_};
    classifier.out = between(1, 65535);
    classifier.bias = coin();
    model.layers.push_back(classifier);
  }

  // Defaults, and one override for each layer that some default does not suit.
  void quantization(ExperimentConfig& config) {
    QuantizationConfig& q = config.quantization;
    q.weights = {coin() ? QuantizerKind::kLsq : QuantizerKind::kUniform, between(2, 8),
                 Granularity::kPerTensor, choice<ObserverKind>(1)};
    q.activations = {QuantizerKind::kUniform,
                     between(2, 8),
                     choice<ActivationRange>(3),
                     choice<ObserverKind>(1),
                     rate(),
                     rate(),
                     share()};
    const std::vector<bool> rectified = rectified_outputs(config.model);
    for (std::size_t i = 0; i + 1 < config.model.layers.size(); ++i) {
      const bool refuses_signed = rectified[i] && quantizes_output(config.model, i);
      const bool unsuited = refuses_signed && q.activations.range == ActivationRange::kSigned;
      if (!unsuited && coin()) continue;
      const LayerConfig& layer = config.model.layers[i];
      QuantOverride o;
      o.layers = layer.name;
      if (layer.kind == LayerKind::kConv || layer.kind == LayerKind::kLinear) {
        o.weights.bits = between(2, 8);
        if (coin())
          o.weights = {QuantizerKind::kBinary, 1, choice<Granularity>(1), {}, choice<StraightThrough>(2)};
      }
      if (quantizes_output(config.model, i)) {
        o.activations.bits = between(2, 8);
        if (unsuited) o.activations.range = coin() ? ActivationRange::kAuto : ActivationRange::kUnsigned;
        if (coin()) o.activations.momentum = rate();
        if (!rectified[i] && coin()) {
          o.activations.quantizer = QuantizerKind::kBinary;
          o.activations.bits = 1;
          if (coin()) o.activations.ste = choice<StraightThrough>(2);
        }
        if (coin()) o.activations.pact_alpha = rate();
      }
      if (o.weights != WeightQuantOverride{} || o.activations != ActivationQuantOverride{})
        q.overrides.push_back(o);
    }
  }

  void calibrate(CalibrateConfig& calibrate) {
    calibrate = {between(1, 1000000), choice<ObserverKind>(4), choice<ObserverKind>(4), coin(), coin(), {}};
    calibrate.adaround = {between(0, 1000000), between(1, 65536), rate(), share(), share(),
                          1 + rate(),          1 + rate()};
  }

  void train(TrainConfig& train) {
    train.batch_size = between(1, 65536);
    train.optimizer = {choice<OptimizerKind>(2),
                       rate(),
                       0.5 * rate(),
                       coin(),
                       share(),
                       0.9 * share(),
                       0.9 * share(),
                       rate(),
                       share()};
    if (coin()) train.init = "runs/earlier";
    train.float_reference = coin();
    train.loss = choice<LossKind>(1);
    train.backward = choice<BackwardPrecision>(1);
    train.distill.temperature = rate();
    if (train.loss == LossKind::kCrossEntropy) {
      train.label_smoothing = 0.9 * share();
      if (train.float_reference) train.distill.weight = share();
    }
    train.average_epochs = between(0, 1000000);
    train.checkpoint_steps = between(1, 1000000);
    for (const PhaseKind kind : {PhaseKind::kFloat, PhaseKind::kFloat, PhaseKind::kCalibrate, PhaseKind::kQat,
                                 PhaseKind::kQat, PhaseKind::kFrozen}) {
      if (kind != PhaseKind::kFrozen && coin()) continue;
      PhaseConfig phase;
      phase.kind = kind;
      const bool trains = kind != PhaseKind::kCalibrate;
      if (!trains || kind == PhaseKind::kFrozen) phase.batches = between(1, 1000000);
      if (trains) {
        phase.epochs = between(1, 100000);
        if (coin()) phase.lr = rate();
        phase.schedule = {choice<ScheduleKind>(2), share(), between(1, 100000), rate() * 0.5, share()};
      }
      train.phases.push_back(phase);
    }
    const auto first = std::find_if(train.phases.begin(), train.phases.end(),
                                    [](const PhaseConfig& p) { return p.kind == PhaseKind::kQat; });
    if (first != train.phases.end() && std::next(first)->kind == PhaseKind::kQat) {
      first->bits = between(2, 8);
      train.average_epochs = std::min(train.average_epochs, std::next(first)->epochs);
    }
  }

  RandomStream random_;
  std::string last_ = "input", earlier_ = "input";
};

}  // namespace

ExperimentConfig random_config(std::uint64_t seed) {
  return Maker(seed).make();
}

}  // namespace intact::test
