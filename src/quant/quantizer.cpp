#include "quant/quantizer.h"

#include <cmath>

#include "core/error.h"
#include "quant/binary_activation_quantizer.h"
#include "quant/binary_weight_quantizer.h"
#include "quant/dorefa_weight_quantizer.h"
#include "quant/lsq_plus_quantizer.h"
#include "quant/lsq_quantizer.h"
#include "quant/pact_quantizer.h"
#include "quant/sawb_weight_quantizer.h"
#include "quant/ternary_weight_quantizer.h"
#include "quant/tqt_quantizer.h"
#include "quant/uniform_activation_quantizer.h"
#include "quant/uniform_weight_quantizer.h"

namespace intact {
namespace {

UniformRange resolve(ActivationRange range, bool after_rectifier) {
  switch (range) {
    case ActivationRange::kAuto:
      return after_rectifier ? UniformRange::kUnsigned : UniformRange::kSigned;
    case ActivationRange::kUnsigned:
      return UniformRange::kUnsigned;
    case ActivationRange::kSigned:
      if (after_rectifier) {
        throw Error(
            "a signed range after a rectifier has codes that never occur, and would undo the rectifier: use "
            "range auto or unsigned");
      }
      return UniformRange::kSigned;
    case ActivationRange::kAsymmetric:
      return after_rectifier ? UniformRange::kUnsigned : UniformRange::kAsymmetric;
  }
  throw Error("unknown activation range");
}

void check_ceiling(bool after_rectifier, std::optional<double> ceiling) {
  if (!ceiling) return;
  if (!after_rectifier) throw Error("only a rectifier has a ceiling");
  if (!(*ceiling > 0.0) || !std::isfinite(*ceiling)) {
    throw Error("a rectifier's ceiling must be above 0, not " + std::to_string(*ceiling));
  }
}

void check_binary_bits(int bits) {
  if (bits != 1)
    throw Error("the binary quantizer has 1 bit, not " + std::to_string(bits) + ": set bits to 1");
}

std::shared_ptr<Quantizer> make_binary_activation(const ActivationQuantConfig& config, bool after_rectifier) {
  check_binary_bits(config.bits);
  if (after_rectifier) {
    throw Error("a binary activation after a rectifier is always +1: leave the layer's activation out");
  }
  if (config.range != ActivationRange::kAuto && config.range != ActivationRange::kSigned) {
    throw Error("a binary activation is -1 or +1: use range auto");
  }
  return std::make_shared<BinaryActivationQuantizer>(config.ste);
}

}  // namespace

std::shared_ptr<Quantizer> make_weight_quantizer(const WeightQuantConfig& config, int64_t channels) {
  if (channels < 1)
    throw Error("a weight quantizer needs at least 1 output channel, not " + std::to_string(channels));
  std::optional<int64_t> steps;
  if (config.granularity == Granularity::kPerChannel) steps = channels;
  switch (config.quantizer) {
    case QuantizerKind::kUniform:
      return std::make_shared<UniformWeightQuantizer>(config.bits, steps, config.observer);
    case QuantizerKind::kLsq:
      return LsqQuantizer::for_weights(config.bits, steps);
    case QuantizerKind::kTqt:
      return std::make_shared<TqtQuantizer>(Grid::weight_grid(config.bits), steps, std::nullopt);
    case QuantizerKind::kSawb:
      return std::make_shared<SawbWeightQuantizer>(config.bits, steps);
    case QuantizerKind::kDorefa:
      return std::make_shared<DorefaWeightQuantizer>(config.bits, steps);
    case QuantizerKind::kTernary:
      if (config.bits != 2)
        throw Error("the ternary quantizer has 2 bits, not " + std::to_string(config.bits) +
                    ": set bits to 2");
      return std::make_shared<TernaryWeightQuantizer>(steps);
    case QuantizerKind::kPact:
    case QuantizerKind::kLsqPlus:
      throw Error("pact and lsq_plus quantize activations only; for weights use lsq or uniform");
    case QuantizerKind::kBinary:
      check_binary_bits(config.bits);
      return std::make_shared<BinaryWeightQuantizer>(steps, config.ste);
  }
  throw Error("unknown weight quantizer");
}

std::shared_ptr<Quantizer> make_activation_quantizer(const ActivationQuantConfig& config,
                                                     bool after_rectifier, std::optional<double> ceiling) {
  check_ceiling(after_rectifier, ceiling);
  if (config.quantizer == QuantizerKind::kBinary) return make_binary_activation(config, after_rectifier);
  const UniformRange range = resolve(config.range, after_rectifier);
  switch (config.quantizer) {
    case QuantizerKind::kUniform:
      return std::make_shared<UniformActivationQuantizer>(config.bits, range, ceiling, config.observer,
                                                          config.momentum);
    case QuantizerKind::kLsq:
      if (range == UniformRange::kAsymmetric) {
        throw Error(
            "lsq has no zero point to learn: use range auto, signed or unsigned, or the uniform quantizer");
      }
      return LsqQuantizer::for_activations(
          range == UniformRange::kSigned ? Grid::signed_grid(config.bits) : Grid::unsigned_grid(config.bits),
          ceiling);
    case QuantizerKind::kTqt:
      if (range == UniformRange::kAsymmetric)
        throw Error("tqt has no zero point: use range auto, signed or unsigned, or the uniform quantizer");
      return std::make_shared<TqtQuantizer>(
          range == UniformRange::kSigned ? Grid::signed_grid(config.bits) : Grid::unsigned_grid(config.bits),
          std::nullopt, ceiling);
    case QuantizerKind::kLsqPlus:
      if (after_rectifier || config.range == ActivationRange::kSigned ||
          config.range == ActivationRange::kUnsigned) {
        throw Error("lsq_plus learns an offset, which a rectified or symmetric range does not have: use lsq");
      }
      return std::make_shared<LsqPlusQuantizer>(config.bits);
    case QuantizerKind::kPact:
      if (range != UniformRange::kUnsigned) {
        throw Error(
            "pact clips at 0 and needs a rectifier: give the layer an activation, or use lsq or uniform");
      }
      return std::make_shared<PactQuantizer>(config.bits, config.pact_alpha, config.pact_decay, ceiling);
    case QuantizerKind::kSawb:
    case QuantizerKind::kDorefa:
    case QuantizerKind::kTernary:
      throw Error("sawb, dorefa and ternary quantize weights only; for activations use lsq or uniform");
    case QuantizerKind::kBinary:
      break;  // above
  }
  throw Error("unknown activation quantizer");
}

}  // namespace intact
