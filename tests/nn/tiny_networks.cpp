#include "tiny_networks.h"

#include "quant/libtorch.h"

#include "core/random.h"

namespace intact::test {
namespace {

std::string config(const std::string& quantization, const std::string& layers) {
  return "name: tiny\nseed: 3\ndata: {kind: idx, path: unused, mean: 0.3, std: 0.4}\nmodel:\n  layers:\n" +
         layers + "quantization:\n" + quantization +
         "train: {batch_size: 8, phases: [{kind: calibrate, batches: 1}, {kind: qat, epochs: 1}]}\n";
}

// Odd channel counts, a stride, a dilation, uneven padding, a residual, depthwise, both poolings, an add of
// unlike scales.
const char* const kAllLayers = R"(
    - {name: stem, type: conv, out: 7, kernel: 3, padding: [1, 0, 2, 1], batch_norm: true, activation: relu}
    - {name: dw, type: conv, depthwise: true, kernel: 3, padding: 1, batch_norm: true, activation: relu6}
    - {name: pw, type: conv, out: 9, kernel: 1, batch_norm: true, activation: none}
    - {name: pool, type: max_pool, kernel: 2, stride: 2}
    - {name: wide, type: conv, out: 9, kernel: [3, 1], dilation: [2, 1], padding: [2, 0, 2, 0], bias: true, activation: relu}
    - {name: res, type: conv, out: 9, kernel: 3, padding: 1, batch_norm: true, residual: pool, activation: relu}
    - {name: sum, type: add, inputs: [pool, res, wide], activation: relu}
    - {name: down, type: conv, out: 12, kernel: 3, stride: 2, padding: 1, groups: 3, batch_norm: true, activation: relu}
    - {name: mean, type: avg_pool, kernel: 2, stride: 1, padding: [1, 0, 0, 1]}
    - {name: flat, type: flatten}
    - {name: hidden, type: linear, out: 11, activation: relu}
    - {name: classifier, type: linear, out: 5}
)";

const char* const kBinaryLayers = R"(
    - {name: stem, type: conv, out: 33, kernel: 3, stride: 2, padding: 1, batch_norm: true}
    - {name: xnor, type: conv, out: 34, kernel: 3, padding: 1, batch_norm: true}
    - {name: xdw, type: conv, depthwise: true, kernel: 3, padding: 1, batch_norm: true}
    - {name: pool, type: max_pool, kernel: 2, stride: 2}
    - {name: res, type: conv, out: 34, kernel: 1, batch_norm: true, residual: pool}
    - {name: mean, type: global_avg_pool}
    - {name: classifier, type: linear, out: 5}
)";

}  // namespace

std::vector<NamedConfig> tiny_configs() {
  std::vector<NamedConfig> all;
  for (const char* bits : {"2", "3", "4", "8"}) {
    const std::string b = bits;
    for (const char* quantizer : {"lsq", "uniform"}) {
      const std::string q = quantizer;
      all.push_back({q + " " + b + " bits per channel",
                     config("  weights: {quantizer: " + q + ", bits: " + b +
                                "}\n  activations: {quantizer: " + q + ", bits: " + b + "}\n",
                            kAllLayers)});
    }
  }
  all.push_back(
      {"per tensor, moving averages, asymmetric",
       config("  weights: {quantizer: uniform, bits: 5, granularity: per_tensor, observer: moving_average}\n"
              "  activations: {quantizer: uniform, bits: 6, range: asymmetric, observer: min_max}\n",
              kAllLayers)});
  all.push_back(
      {"pact after rectifiers, lsq elsewhere",
       config("  weights: {quantizer: lsq, bits: 4}\n  activations: {quantizer: lsq, bits: 4}\n  overrides:\n"
              "    - {layers: stem, activations: {quantizer: pact, bits: 3}}\n"
              "    - {layers: down, activations: {quantizer: pact, bits: 8}}\n"
              "    - {layers: sum, activations: {quantizer: pact, bits: 2}}\n",
              kAllLayers)});
  all.push_back(
      {"unsigned 1-bit activations, binary weights",
       config(
           "  weights: {quantizer: binary}\n  activations: {quantizer: lsq, bits: 4}\n  overrides:\n"
           "    - {layers: '[swd]*', activations: {bits: 1}}\n    - {layers: dw, activations: {bits: 2}}\n",
           R"(
    - {name: stem, type: conv, out: 7, kernel: 3, padding: 1, batch_norm: true, activation: relu}
    - {name: wide, type: conv, out: 8, kernel: 5, stride: 2, padding: 2, batch_norm: true, activation: relu}
    - {name: dw, type: conv, depthwise: true, kernel: 3, padding: 1, batch_norm: true, activation: relu}
    - {name: mean, type: global_avg_pool}
    - {name: classifier, type: linear, out: 5}
)")});
  all.push_back({"binary weights and activations",
                 config("  weights: {quantizer: binary}\n  activations: {quantizer: binary}\n  overrides:\n"
                        "    - {layers: mean, activations: {quantizer: uniform, bits: 8, range: signed}}\n"
                        "    - {layers: classifier, weights: {quantizer: lsq, bits: 8}}\n",
                        kBinaryLayers)});
  all.push_back(
      {"binary per tensor, classifier too",
       config("  weights: {quantizer: binary, granularity: per_tensor}\n  activations: {quantizer: binary}\n",
              kBinaryLayers)});
  return all;
}

torch::Tensor tiny_images(std::int64_t n, std::uint64_t seed) {
  torch::Tensor images = torch::empty({n, 12, 10, 2}, torch::kUInt8);
  RandomStream random(seed, {2});
  std::uint8_t* to = images.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < images.numel(); ++i) to[i] = static_cast<std::uint8_t>(random.below(256));
  return images;
}

}  // namespace intact::test
