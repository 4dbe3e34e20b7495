// The words that enum values have in YAML.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "config/experiment.h"

namespace intact {

template <class E>
struct EnumNames;  // values: array of (value, word)

template <>
struct EnumNames<DataKind> {
  static constexpr std::array<std::pair<DataKind, std::string_view>, 5> values{{
      {DataKind::kIdx, "idx"},
      {DataKind::kCifar10, "cifar10"},
      {DataKind::kNpy, "npy"},
      {DataKind::kImageFolder, "image_folder"},
      {DataKind::kCsv, "csv"},
  }};
};

template <>
struct EnumNames<LabelColumn> {
  static constexpr std::array<std::pair<LabelColumn, std::string_view>, 2> values{{
      {LabelColumn::kFirst, "first"},
      {LabelColumn::kLast, "last"},
  }};
};

template <>
struct EnumNames<FeatureRange> {
  static constexpr std::array<std::pair<FeatureRange, std::string_view>, 2> values{{
      {FeatureRange::kPerColumn, "per_column"},
      {FeatureRange::kGlobal, "global"},
  }};
};

template <>
struct EnumNames<LayerKind> {
  static constexpr std::array<std::pair<LayerKind, std::string_view>, 7> values{{
      {LayerKind::kConv, "conv"},
      {LayerKind::kLinear, "linear"},
      {LayerKind::kMaxPool, "max_pool"},
      {LayerKind::kAvgPool, "avg_pool"},
      {LayerKind::kGlobalAvgPool, "global_avg_pool"},
      {LayerKind::kAdd, "add"},
      {LayerKind::kFlatten, "flatten"},
  }};
};

template <>
struct EnumNames<ActivationKind> {
  static constexpr std::array<std::pair<ActivationKind, std::string_view>, 3> values{{
      {ActivationKind::kNone, "none"},
      {ActivationKind::kRelu, "relu"},
      {ActivationKind::kRelu6, "relu6"},
  }};
};

template <>
struct EnumNames<QuantizerKind> {
  static constexpr std::array<std::pair<QuantizerKind, std::string_view>, 9> values{{
      {QuantizerKind::kUniform, "uniform"},
      {QuantizerKind::kLsq, "lsq"},
      {QuantizerKind::kLsqPlus, "lsq_plus"},
      {QuantizerKind::kTqt, "tqt"},
      {QuantizerKind::kPact, "pact"},
      {QuantizerKind::kSawb, "sawb"},
      {QuantizerKind::kDorefa, "dorefa"},
      {QuantizerKind::kTernary, "ternary"},
      {QuantizerKind::kBinary, "binary"},
  }};
};

template <>
struct EnumNames<ObserverKind> {
  static constexpr std::array<std::pair<ObserverKind, std::string_view>, 5> values{{
      {ObserverKind::kMinMax, "min_max"},
      {ObserverKind::kMovingAverage, "moving_average"},
      {ObserverKind::kPercentile, "percentile"},
      {ObserverKind::kMeanSquaredError, "mean_squared_error"},
      {ObserverKind::kEntropy, "entropy"},
  }};
};

template <>
struct EnumNames<Granularity> {
  static constexpr std::array<std::pair<Granularity, std::string_view>, 2> values{{
      {Granularity::kPerTensor, "per_tensor"},
      {Granularity::kPerChannel, "per_channel"},
  }};
};

template <>
struct EnumNames<ActivationRange> {
  static constexpr std::array<std::pair<ActivationRange, std::string_view>, 4> values{{
      {ActivationRange::kAuto, "auto"},
      {ActivationRange::kUnsigned, "unsigned"},
      {ActivationRange::kSigned, "signed"},
      {ActivationRange::kAsymmetric, "asymmetric"},
  }};
};

template <>
struct EnumNames<StraightThrough> {
  static constexpr std::array<std::pair<StraightThrough, std::string_view>, 3> values{{
      {StraightThrough::kClipped, "clipped"},
      {StraightThrough::kApproxSign, "approx_sign"},
      {StraightThrough::kErrorDecay, "error_decay"},
  }};
};

template <>
struct EnumNames<BackwardPrecision> {
  static constexpr std::array<std::pair<BackwardPrecision, std::string_view>, 2> values{{
      {BackwardPrecision::kFloat32, "float32"},
      {BackwardPrecision::kSplitBf16, "split_bf16"},
  }};
};

template <>
struct EnumNames<OptimizerKind> {
  static constexpr std::array<std::pair<OptimizerKind, std::string_view>, 3> values{{
      {OptimizerKind::kSgd, "sgd"},
      {OptimizerKind::kAdam, "adam"},
      {OptimizerKind::kAdamW, "adamw"},
  }};
};

template <>
struct EnumNames<LossKind> {
  static constexpr std::array<std::pair<LossKind, std::string_view>, 2> values{{
      {LossKind::kCrossEntropy, "cross_entropy"},
      {LossKind::kReconstruction, "reconstruction"},
  }};
};

template <>
struct EnumNames<ScheduleKind> {
  static constexpr std::array<std::pair<ScheduleKind, std::string_view>, 3> values{{
      {ScheduleKind::kConstant, "constant"},
      {ScheduleKind::kStep, "step"},
      {ScheduleKind::kCosine, "cosine"},
  }};
};

template <>
struct EnumNames<PhaseKind> {
  static constexpr std::array<std::pair<PhaseKind, std::string_view>, 4> values{{
      {PhaseKind::kFloat, "float"},
      {PhaseKind::kCalibrate, "calibrate"},
      {PhaseKind::kQat, "qat"},
      {PhaseKind::kFrozen, "frozen"},
  }};
};

// The word for a value: to_word(PhaseKind::kQat) is "qat".
template <class E>
constexpr std::string_view to_word(E value) {
  for (const auto& [candidate, word] : EnumNames<E>::values) {
    if (candidate == value) return word;
  }
  return "?";
}

}  // namespace intact
