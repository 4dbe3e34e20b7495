// A quantizer maps reals to integers on a grid, differentiably in training and exactly for freeze().
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <optional>
#include <string>

#include "config/experiment.h"
#include "quant/int_tensor.h"
#include "quant/round_clamp.h"

namespace intact {

// A quantizer for the present step: forward(r) is {round_clamp_ste(r, s, law), s, grid} whatever r holds.
struct RoundClampForm {
  torch::Tensor s;  // 0-dim, may carry gradient
  RoundClampLaw law;
  Grid grid;
  bool sign = false;  // v is binarize(r) in place of the rounded one; gradients as the law says
};

// Law, tested for each quantizer: forward(r).v == to_int(r).v and forward(r).s == to_int(r).s, bit for bit,
// and the gradient of forward(r).v * forward(r).s is the paper's, with respect to r and to the quantizer's
// parameters.
class Quantizer : public torch::nn::Module {
 public:
  // Differentiable: v = clamp(round(r / s), qmin - z, qmax - z) with straight-through gradients; ties to
  // even. Quantizers that track ranges (observers) update them here when is_training().
  virtual IntTensor forward(const torch::Tensor& r) = 0;

  // The same integers and scale without gradient and without changing any state: what freeze() stores.
  virtual IntTensor to_int(const torch::Tensor& r) const = 0;

  // Positive scale without gradient (0-dim or [channels]) and grid, for quantizers whose scale does not
  // depend on the input at hand: all activation quantizers. Throws for weight quantizers that compute it from
  // the weights.
  virtual torch::Tensor scale() const = 0;
  virtual Grid grid() const = 0;

  // Initializes or refines ranges from a batch, without gradient (calibration phase, and the first training
  // batch if there was none). After it initialized() is true.
  virtual void observe(const torch::Tensor& r) = 0;
  virtual bool initialized() const = 0;

  // Quantizers whose scale is a free number: from here on observe() starts it at the clip that `kind` finds
  // (clip_of of observer.h; min_max: the largest of all batches, else their mean) in place of the quantizer's
  // own rule. Returns false, and changes nothing, for all others. Not part of the state.
  virtual bool start_at_clip_of(ObserverKind kind) {
    static_cast<void>(kind);
    return false;
  }

  // Activation quantizers: the form of forward() for a batch whose samples have `sample_size` elements, so
  // that a layer may compute it in one pass with what comes before. Nothing where forward() must see the
  // values first.
  virtual std::optional<RoundClampForm> round_clamp_form(int64_t sample_size) {
    static_cast<void>(sample_size);
    return std::nullopt;
  }

  // Term for the loss (PACT's lambda/2 alpha^2), or undefined.
  virtual torch::Tensor regularizer() const { return {}; }

  // Share of the quantized training that is done, 0 .. 1, set before each step; for gradients that change
  // with it. Not part of the state.
  void set_progress(double share) { progress_ = share; }
  double progress() const { return progress_; }

  // Whether forward() updates tracked ranges in training; true at first. The frozen phase switches it off.
  // Explicit calls of observe() and learned parameters are not affected. Not part of the state.
  void set_observing(bool on) { observing_ = on; }
  bool observing() const { return observing_; }

 private:
  bool observing_ = true;
  double progress_ = 0;
};

// Both throw Error for a combination that has no meaning (bits out of range, a range that the quantizer does
// not have). channels: number of output channels (dimension 0 of the weight).
std::shared_ptr<Quantizer> make_weight_quantizer(const WeightQuantConfig& config, int64_t channels);

// The quantizer's clip is the rectifier: r may come as it was before it. after_rectifier resolves
// ActivationRange::kAuto to unsigned (else signed), and kAsymmetric to unsigned as well, since a rectified
// range has z = 0. An unsigned range without a rectifier acts as one. ceiling: real upper clip of the
// rectifier (6 for ReLU6), or none.
std::shared_ptr<Quantizer> make_activation_quantizer(const ActivationQuantConfig& config,
                                                     bool after_rectifier, std::optional<double> ceiling);

}  // namespace intact
