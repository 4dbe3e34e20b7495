#include "train/calibrate/calibrator.h"

#include <spdlog/spdlog.h>
#include "quant/libtorch.h"

#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "config/load.h"
#include "core/error.h"
#include "nn/conv_layer.h"
#include "nn/integer_network.h"
#include "train/batch_loader.h"
#include "train/calibrate/adaround.h"
#include "train/calibrate/bias_correction.h"
#include "train/calibrate/equalize.h"
#include "train/calibrate/sweep.h"
#include "train/check_outputs.h"
#include "train/checkpoint.h"
#include "train/load_shown.h"
#include "train/metrics_log.h"
#include "train/progress_line.h"
#include "train/run_networks.h"
#include "train/stage.h"
#include "train/take_over.h"

namespace intact {
namespace {

using nlohmann::json;

class Calibrator {
 public:
  explicit Calibrator(const ExperimentConfig& config)
      : config_(config),
        data_(load_shown(config.data)),
        network_(build_network(config, shape())),
        reference_(build_network(config, shape())) {
    check_outputs(config, data_.train);
    const RunNetworks run = load_run(RunFolder{config.train.init});
    if (!run.reference) {
      throw Error(config.train.init +
                  ": this run has no float network to calibrate; train one with float_reference: true, or "
                  "with a float phase");
    }
    for (Network* to : {network_.get(), reference_.get()})
      take_over_weights({*run.reference, run.config}, {*to, config}, config.train.init);
    network_->eval();
    start_quantizers();
  }

  const DataSplits& data() const { return data_; }

  CalibrateResult run(const RunFolder& folder) {
    const torch::NoGradGuard no_grad;
    MetricsLog metrics(folder.metrics(), 0);
    const auto start = std::chrono::steady_clock::now();
    CalibrateResult result;
    result.float_ = evaluate_float(*reference_, data_.test, config_.train.loss);
    spdlog::info("float network of {}: {}", config_.train.init, to_text(result.float_));

    const std::vector<torch::Tensor> images = calibration_images();
    for (const torch::Tensor& batch : images) result.images += batch.size(0);
    if (config_.calibrate.equalize) {
      for (const EqualizedPair& pair : equalize(*network_))
        spdlog::info("equalized {} and {}", pair.first, pair.second);
    }
    Sweep sweep(*network_, images);
    for (const auto& layer : network_->layers()) {
      result.layers.push_back({layer->name(), quantize_layer(*layer, sweep)});
      spdlog::info("{}: {:.1f} dB", layer->name(), result.layers.back().sqnr);
      metrics.write({{"event", "layer"}, {"layer", layer->name()}, {"sqnr_db", result.layers.back().sqnr}});
    }

    const Graph graph = network_->freeze();
    result.hash = hash_graph(graph);
    result.quantized = evaluate_integers(IntegerNetwork(graph), data_.test, config_.train.loss);
    spdlog::info("calibrated on {} images: integer network: {}", result.images, to_text(result.quantized));
    json line{{"event", "calibrate"},
              {"images", result.images},
              {"float_loss", result.float_.loss},
              {"test_loss", result.quantized.loss},
              {"integers", to_hex(result.hash)}};
    if (result.quantized.accuracy) {
      line["float_accuracy"] = *result.float_.accuracy;
      line["test_accuracy"] = *result.quantized.accuracy;
    }
    metrics.write(line);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    save(folder, graph, result, metrics.bytes());
    return result;
  }

 private:
  Shape shape() const { return {data_.train.height, data_.train.width, data_.train.channels}; }

  void start_quantizers() {
    for (const auto& layer : network_->layers()) {
      const ConvLayer* conv = layer->convolution();
      for (const auto& quantizer : layer->quantizers()) {
        const bool weights = conv != nullptr && quantizer.get() == &conv->weight_quantizer();
        quantizer->start_at_clip_of(weights ? config_.calibrate.weights : config_.calibrate.activations);
      }
    }
  }

  // In an order that the seed decides, without augmentation.
  std::vector<torch::Tensor> calibration_images() const {
    BatchLoader loader(data_.train, {}, config_.train.batch_size, 0, config_.seed, 0, 0);
    std::vector<torch::Tensor> images;
    while (static_cast<int>(images.size()) < config_.calibrate.batches && !loader.done())
      images.push_back(loader.next().images);
    return images;
  }

  // Returns the layer's fidelity in dB.
  double quantize_layer(Layer& layer, Sweep& sweep) const {
    std::vector<torch::Tensor> wanted;
    for (std::size_t b = 0; b < sweep.batches(); ++b)
      wanted.push_back(layer.forward_float(sweep.wanted_inputs(layer, b), {Statistics::kRunning, true}));
    if (ConvLayer* conv = layer.convolution()) quantize_weights(*conv, sweep, wanted);
    std::vector<IntTensor> got;
    double signal = 0, noise = 0;
    for (std::size_t b = 0; b < sweep.batches(); ++b) {
      got.push_back(layer.forward_quantized(sweep.got_inputs(layer, b), {Statistics::kRunning, nullptr}));
      signal += wanted[b].square().sum(torch::kFloat64).item<double>();
      noise += (wanted[b] - got[b].v * got[b].s).square().sum(torch::kFloat64).item<double>();
    }
    sweep.advance(layer, std::move(wanted), std::move(got));
    return 10 * std::log10(signal / noise);
  }

  // wanted: the layer's outputs in the float network.
  void quantize_weights(ConvLayer& conv, const Sweep& sweep, const std::vector<torch::Tensor>& wanted) const {
    torch::Tensor means;
    if (config_.calibrate.bias_correction) means = wanted_means(conv, sweep);
    if (config_.calibrate.adaround.iterations > 0) round_weights(conv, sweep, wanted);
    if (means.defined() && !correct_bias(conv, sweep, means))
      spdlog::info("{}: no bias to correct", conv.name());
  }

  void round_weights(ConvLayer& conv, const Sweep& sweep, const std::vector<torch::Tensor>& wanted) const {
    if (!conv.weight_quantizer().start_at_clip_of(config_.calibrate.weights)) {
      spdlog::info("{}: rounded to nearest: the scale of its weights follows from them", conv.name());
      return;
    }
    const AdaroundConfig& c = config_.calibrate.adaround;
    ProgressLine line("adaround " + conv.name(), c.iterations, "iterations");
    const AdaroundResult r =
        adaround(conv, c, sweep, wanted, config_.seed, [&](int done) { line.update(done, ""); });
    spdlog::info("{}: {} of {} weights not rounded to nearest, squared error {:.4g} instead of {:.4g}",
                 conv.name(), r.changed, conv.weight().numel(), r.error_rounded, r.error_nearest);
  }

  void save(const RunFolder& folder, const Graph& graph, const CalibrateResult& result,
            std::int64_t metrics_bytes) const {
    Progress progress;
    progress.stage = static_cast<std::int64_t>(make_stages(config_.train).size());
    progress.metrics_bytes = metrics_bytes;
    progress.seconds = result.seconds;
    progress.quantized_accuracy = result.quantized.accuracy.value_or(0);
    progress.float_accuracy = result.float_.accuracy.value_or(0);
    save_checkpoint(folder.checkpoint(), progress, {*network_, *reference_, nullptr}, graph,
                    dump_config(config_));
  }

  const ExperimentConfig& config_;
  DataSplits data_;
  std::shared_ptr<Network> network_, reference_;
};

}  // namespace

CalibrateResult calibrate(const ExperimentConfig& config, const RunFolder& folder,
                          const CalibrateOptions& options) {
  if (config.train.init.empty()) {
    throw ConfigError(config.source, 0, 0, "nothing to calibrate: train.init names no run",
                      "set it to a run folder, or give that folder in place of the config");
  }
  refuse_run(folder);
  ExperimentConfig kept = config;
  kept.train.float_reference = true;  // the network it starts from
  Calibrator calibrator(kept);
  create_run(folder, kept, calibrator.data());
  if (options.started) options.started();
  return calibrator.run(folder);
}

}  // namespace intact
