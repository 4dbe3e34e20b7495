// The tail of every layer that rescales: rectifier and activation quantizer.
#pragma once

#include <torch/types.h>

#include <memory>
#include <string>

#include "config/experiment.h"
#include "integer/graph.h"
#include "quant/quantizer.h"

namespace intact {

class Activation {
 public:
  // rectified_input: the reals are known not to be negative (pooling after a rectifier), so that an automatic
  // range is unsigned.
  Activation(ActivationKind kind, const ActivationQuantConfig& config, bool rectified_input);

  // The float network's nonlinearity: the rectifier; hard tanh (what sign's straight-through gradient is the
  // gradient of) where the quantizer is binary and there is no rectifier.
  torch::Tensor apply_float(const torch::Tensor& y) const;
  // It is a clamp: to 0 and above, 0 to 6, -1 to 1, or anything (infinities).
  struct Clamp {
    float lo, hi;
  };
  Clamp float_clamp() const;
  // apply_float(y / s) = apply_float(y) / s for s > 0.
  bool is_homogeneous() const;

  // Reals to integers; on first use without calibration the quantizer takes its range from y.
  IntTensor quantize(const torch::Tensor& y) const;
  void observe(const torch::Tensor& y) const;

  // Grid and scale as freeze() records them. Throws Error naming the layer if the quantizer was never
  // initialized.
  TensorInfo info(const std::string& layer, const Shape& shape) const;

  const std::shared_ptr<Quantizer>& quantizer() const { return quantizer_; }

 private:
  torch::Tensor rectify(const torch::Tensor& y) const;

  ActivationKind kind_;
  bool binary_;
  std::shared_ptr<Quantizer> quantizer_;
};

}  // namespace intact
