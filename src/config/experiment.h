// A whole experiment as plain structs, which load_config() fills from strict YAML.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intact {

enum class DataKind { kIdx, kCifar10, kNpy, kImageFolder, kCsv };
enum class LabelColumn { kFirst, kLast };
enum class FeatureRange { kPerColumn, kGlobal };

struct AugmentConfig {
  bool flip = false;  // mirror left-right with probability 1/2
  int shift = 0;      // move by up to this many pixels each way, filled with zero_point
  bool operator==(const AugmentConfig&) const = default;
};

// kind csv (data/csv_folder.h).
struct CsvConfig {
  LabelColumn label = LabelColumn::kLast;
  bool header = false;                            // the first line names the columns
  FeatureRange range = FeatureRange::kPerColumn;  // what bytes 0 and 255 stand for: of each column, or of all
  bool operator==(const CsvConfig&) const = default;
};

struct DataConfig {
  DataKind kind = DataKind::kIdx;
  std::string
      path;  // folder, of what idx_folder.h, cifar10.h, npy_folder.h, image_folder.h or csv_folder.h says
  // image_folder: images are brought to this size (height and width always given, channels 1 or 3).
  // csv: how a row's features are laid out (all three given, or none: 1 x 1 x features).
  std::optional<int> height, width, channels;
  CsvConfig csv;
  double mean = 0.0;                           // of pixel / 255; the input's zero point is round(255 mean)
  double std = 1.0;                            // the input's scale is 1 / (255 std)
  std::optional<int> limit_train, limit_test;  // take only the first N samples
  AugmentConfig augment;
  bool operator==(const DataConfig&) const = default;
};

enum class LayerKind { kConv, kLinear, kMaxPool, kAvgPool, kGlobalAvgPool, kAdd, kFlatten };
enum class ActivationKind { kNone, kRelu, kRelu6 };

// One layer of the model. A convolution or linear layer is a block: products, batch norm or bias, residual,
// activation, quantizer.
struct LayerConfig {
  std::string name;
  LayerKind kind = LayerKind::kConv;
  std::vector<std::string> inputs;  // names of layers, or "input"; default: the layer before
  int out = 0;                      // channels (conv) or features (linear)
  std::array<int, 2> kernel{1, 1};  // height, width
  std::array<int, 2> stride{1, 1};
  std::array<int, 2> dilation{1, 1};
  std::array<int, 4> padding{0, 0, 0, 0};  // top, left, bottom, right
  int groups = 1;
  bool depthwise = false;  // groups = input channels, out = input channels unless given
  bool batch_norm = false;
  bool bias = true;  // ignored with batch_norm
  ActivationKind activation = ActivationKind::kNone;
  std::string residual;  // conv: name of a layer whose output is added before the activation
  int line = 0,
      column = 0;  // where it stands in ExperimentConfig::source, for errors found later; not compared
  bool operator==(const LayerConfig& o) const;
};

struct ModelConfig {
  std::string zoo;  // where the layers came from, if from the zoo (config/zoo.h); not compared
  // In order; the last one is the classifier (conv or linear without activation).
  std::vector<LayerConfig> layers;
  int line = 0, column = 0;
  bool operator==(const ModelConfig& o) const { return layers == o.layers; }
};

enum class QuantizerKind { kUniform, kLsq, kLsqPlus, kTqt, kPact, kSawb, kDorefa, kTernary, kBinary };
enum class ObserverKind { kMinMax, kMovingAverage, kPercentile, kMeanSquaredError, kEntropy };
enum class Granularity { kPerTensor, kPerChannel };
// auto: unsigned after a rectifier, else signed (config/rectified.h).
enum class ActivationRange { kAuto, kUnsigned, kSigned, kAsymmetric };

// How gradients pass the sign of the binary quantizer: the clipped identity of BinaryNet, the triangle of
// Bi-Real Net's ApproxSign, IR-Net's error decay estimator.
enum class StraightThrough { kClipped, kApproxSign, kErrorDecay };

struct WeightQuantConfig {
  QuantizerKind quantizer = QuantizerKind::kLsq;
  int bits = 8;
  Granularity granularity = Granularity::kPerChannel;
  ObserverKind observer = ObserverKind::kMinMax;    // uniform only
  StraightThrough ste = StraightThrough::kClipped;  // binary only
  bool operator==(const WeightQuantConfig&) const = default;
};

struct ActivationQuantConfig {
  QuantizerKind quantizer = QuantizerKind::kLsq;
  int bits = 8;
  ActivationRange range = ActivationRange::kAuto;
  ObserverKind observer = ObserverKind::kMovingAverage;  // uniform only
  double momentum = 0.1;                                 // moving average: new = (1 - m) old + m now
  double pact_alpha = 6.0;                               // PACT: initial clip
  double pact_decay = 1e-4;                         // PACT: lambda of lambda/2 alpha^2, added to the loss
  StraightThrough ste = StraightThrough::kClipped;  // binary only
  bool operator==(const ActivationQuantConfig&) const = default;
};

// Fields that an override sets; the rest stays as the defaults (or an earlier matching override) say.
struct WeightQuantOverride {
  std::optional<QuantizerKind> quantizer;
  std::optional<int> bits;
  std::optional<Granularity> granularity;
  std::optional<ObserverKind> observer;
  std::optional<StraightThrough> ste;
  bool operator==(const WeightQuantOverride&) const = default;
};
struct ActivationQuantOverride {
  std::optional<QuantizerKind> quantizer;
  std::optional<int> bits;
  std::optional<ActivationRange> range;
  std::optional<ObserverKind> observer;
  std::optional<double> momentum, pact_alpha, pact_decay;
  std::optional<StraightThrough> ste;
  bool operator==(const ActivationQuantOverride&) const = default;
};
struct QuantOverride {
  std::string layers;  // glob over layer names: *, ?, [abc]
  WeightQuantOverride weights;
  ActivationQuantOverride activations;
  bool operator==(const QuantOverride&) const = default;
};

struct QuantizationConfig {
  WeightQuantConfig weights;
  ActivationQuantConfig activations;
  std::vector<QuantOverride> overrides;  // applied in order, later ones win
  bool operator==(const QuantizationConfig&) const = default;
};

// Defaults plus matching overrides for one layer. An override that names the binary quantizer and no bits
// sets them to 1. Weights of the classifier have one scale per tensor whatever the default says:
// load_config() appends an override for it where needed, and refuses one that asks for per_channel by the
// classifier's own name.
WeightQuantConfig weight_quant_for(const QuantizationConfig& q, const std::string& layer);
ActivationQuantConfig activation_quant_for(const QuantizationConfig& q, const std::string& layer);

enum class OptimizerKind { kSgd, kAdam, kAdamW };

struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::kSgd;
  double lr = 0.1;
  double momentum = 0.9;       // SGD
  bool nesterov = true;        // SGD
  double weight_decay = 5e-4;  // weights only: never batch norm, biases, or quantizer parameters
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;  // Adam, AdamW
  double quantizer_lr_factor = 0.1;  // learning rate of scales and clips, relative to the weights'
  bool operator==(const OptimizerConfig&) const = default;
};

// What training minimizes: the cross entropy of the logits with the labels, or the mean squared error between
// the output and the input, both in reals (the network is an autoencoder; labels are not looked at).
enum class LossKind { kCrossEntropy, kReconstruction };

enum class ScheduleKind { kConstant, kStep, kCosine };

struct ScheduleConfig {
  ScheduleKind kind = ScheduleKind::kCosine;
  double warmup = 0.0;        // share of the phase's steps with a linear rise from 0, 0..1
  int step_epochs = 10;       // step: every so many epochs ...
  double step_factor = 0.1;   // ... times this
  double final_factor = 0.0;  // cosine: ends at lr times this
  bool operator==(const ScheduleConfig&) const = default;
};

enum class PhaseKind { kFloat, kCalibrate, kQat, kFrozen };

struct PhaseConfig {
  PhaseKind kind = PhaseKind::kQat;
  int epochs = 1;            // float, qat, frozen
  int batches = 100;         // calibrate: batches observed; frozen: batches of the statistics' re-estimation
  std::optional<double> lr;  // default: the optimizer's (frozen: a hundredth of it)
  // qat: quantizers of fewer bits have so many in this phase (least_bits.h); 0: their own. Falls from phase
  // to phase, and the last qat phase has none.
  int bits = 0;
  ScheduleConfig schedule;
  bool operator==(const PhaseConfig&) const = default;
};

// Knowledge distillation (Hinton et al. 2015, arXiv 1503.02531): in the quantized phases the loss is
//   (1 - weight) cross entropy with the labels
//   + weight temperature^2 KL(softmax(teacher / temperature) || softmax(student / temperature)),
// the teacher being the float reference, trained first; without float_reference the float network that the
// quantized phases start from, as it is. weight 0: none.
struct DistillConfig {
  double weight = 0.0;
  double temperature = 4.0;
  bool operator==(const DistillConfig&) const = default;
};

// In what the backward convolutions of quantized layers multiply.
enum class BackwardPrecision { kFloat32, kSplitBf16 };

struct TrainConfig {
  std::string init;  // run folder whose networks training starts from (train/take_over.h); empty: none
  int batch_size = 128;
  LossKind loss = LossKind::kCrossEntropy;
  OptimizerConfig optimizer;
  std::vector<PhaseConfig> phases;  // order: float*, calibrate*, qat*, frozen?
  DistillConfig distill;
  BackwardPrecision backward = BackwardPrecision::kFloat32;
  bool float_reference = true;   // train the float network of `compare` too, with the same epochs and rates
  double label_smoothing = 0.0;  // 0..1, cross entropy
  // The weights that the qat phases end on are the mean over their last so many epochs
  // (train/weight_average.h), the float reference's too; 0: the last ones as they are.
  int average_epochs = 0;
  int checkpoint_steps = 200;  // write a checkpoint every so many steps (and after each epoch)
  bool operator==(const TrainConfig&) const = default;
};

// Adaptive rounding of weights (train/calibrate/adaround.h).
struct AdaroundConfig {
  int iterations = 0;   // of Adam for each layer; 0: weights are rounded to nearest
  int batch_size = 32;  // images an iteration
  double lr = 0.01;
  double regularizer = 0.01;  // the paper's lambda
  double warmup = 0.2;        // share of the iterations without regularizer
  double beta_start = 20.0, beta_end = 2.0;
  bool operator==(const AdaroundConfig&) const = default;
};

// Post-training quantization, `intact calibrate` (train/calibrate/calibrator.h).
struct CalibrateConfig {
  int batches = 8;  // of train.batch_size training images, as they are
  // Where quantizers whose scale is a free number clip weights and activations.
  ObserverKind weights = ObserverKind::kMeanSquaredError;
  ObserverKind activations = ObserverKind::kMeanSquaredError;
  bool equalize = false;
  bool bias_correction = true;
  AdaroundConfig adaround;
  bool operator==(const CalibrateConfig&) const = default;
};

struct ExportConfig {
  int golden_vectors = 8;  // 4..64
  bool names = true;
  bool operator==(const ExportConfig&) const = default;
};

struct ExperimentConfig {
  std::string source;  // the file it was read from, for errors found later; not compared, not dumped
  std::string name;
  std::uint64_t seed = 1;
  int threads = 0;  // 0: all cores
  DataConfig data;
  ModelConfig model;
  QuantizationConfig quantization;
  TrainConfig train;
  CalibrateConfig calibrate;
  ExportConfig export_;
  bool operator==(const ExperimentConfig& o) const {
    return name == o.name && seed == o.seed && threads == o.threads && data == o.data && model == o.model &&
           quantization == o.quantization && train == o.train && calibrate == o.calibrate &&
           export_ == o.export_;
  }
};

}  // namespace intact
