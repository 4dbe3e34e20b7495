#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/load.h"
#include "config/names.h"
#include "config/print_real.h"

namespace intact {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string value(bool v) {
  return v ? "true" : "false";
}
std::string value(double v) {
  return print_real(v);
}
std::string value(const std::string& v) {
  return quoted(v);
}
template <std::integral Int>
std::string value(Int v) {
  return std::to_string(v);
}
template <class E>
requires std::is_enum_v<E> std::string value(E v) {
  return std::string(to_word(v));
}
template <class T, std::size_t N>
std::string value(const std::array<T, N>& list) {
  std::string out = "[";
  for (std::size_t i = 0; i < N; ++i) out += (i == 0 ? "" : ", ") + value(list[i]);
  return out + "]";
}
std::string value(const std::vector<std::string>& list) {
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) out += (i == 0 ? "" : ", ") + quoted(list[i]);
  return out + "]";
}

// Indented lines "key: value"; a list element's first line carries the dash.
class Writer {
 public:
  void open(const char* key) {
    line(std::string(key) + ":");
    ++depth_;
  }
  void close() { --depth_; }
  void open_list(const char* key) {
    line(std::string(key) + ":");
    depth_ += 2;
  }
  void element() { dash_ = true; }
  void close_list() { depth_ -= 2; }

  template <class T>
  void key(const char* name, const T& v) {
    line(std::string(name) + ": " + value(v));
  }
  template <class T>
  void key(const char* name, const std::optional<T>& v) {
    if (v) key(name, *v);
  }
  std::string take() { return std::move(text_); }

 private:
  void line(const std::string& text) {
    std::string indent(depth_ * 2, ' ');
    if (dash_) indent.replace(indent.size() - 2, 2, "- ");
    dash_ = false;
    text_ += indent + text + "\n";
  }

  std::string text_;
  std::size_t depth_ = 0;
  bool dash_ = false;
};

void dump_data(Writer& out, const DataConfig& data) {
  out.open("data");
  out.key("kind", data.kind);
  out.key("path", data.path);
  out.key("height", data.height);
  out.key("width", data.width);
  out.key("channels", data.channels);
  if (data.kind == DataKind::kCsv) {
    out.key("label", data.csv.label);
    out.key("header", data.csv.header);
    out.key("range", data.csv.range);
  }
  out.key("mean", data.mean);
  out.key("std", data.std);
  out.key("limit_train", data.limit_train);
  out.key("limit_test", data.limit_test);
  out.open("augment");
  out.key("flip", data.augment.flip);
  out.key("shift", data.augment.shift);
  out.close();
  out.close();
}

void dump_layer(Writer& out, const LayerConfig& layer) {
  const bool conv = layer.kind == LayerKind::kConv;
  const bool pool = layer.kind == LayerKind::kMaxPool || layer.kind == LayerKind::kAvgPool;
  const bool block = conv || layer.kind == LayerKind::kLinear;
  out.element();
  out.key("name", layer.name);
  out.key("type", layer.kind);
  out.key("inputs", layer.inputs);
  if (block && layer.out > 0) out.key("out", layer.out);
  if (conv || pool) {
    out.key("kernel", layer.kernel);
    out.key("stride", layer.stride);
    out.key("padding", layer.padding);
  }
  if (conv) {
    out.key("dilation", layer.dilation);
    out.key("depthwise", layer.depthwise);
    if (!layer.depthwise) out.key("groups", layer.groups);
    if (!layer.residual.empty()) out.key("residual", layer.residual);
  }
  if (block) {
    out.key("batch_norm", layer.batch_norm);
    out.key("bias", layer.bias);
  }
  if (block || layer.kind == LayerKind::kAdd) out.key("activation", layer.activation);
}

void dump_model(Writer& out, const ModelConfig& model) {
  out.open("model");
  out.open_list("layers");
  for (const LayerConfig& layer : model.layers) dump_layer(out, layer);
  out.close_list();
  out.close();
}

template <class W>
void dump_weights(Writer& out, const W& weights) {
  out.open("weights");
  out.key("quantizer", weights.quantizer);
  out.key("bits", weights.bits);
  out.key("granularity", weights.granularity);
  out.key("observer", weights.observer);
  out.key("ste", weights.ste);
  out.close();
}

template <class A>
void dump_activations(Writer& out, const A& activations) {
  out.open("activations");
  out.key("quantizer", activations.quantizer);
  out.key("bits", activations.bits);
  out.key("range", activations.range);
  out.key("observer", activations.observer);
  out.key("momentum", activations.momentum);
  out.key("pact_alpha", activations.pact_alpha);
  out.key("pact_decay", activations.pact_decay);
  out.key("ste", activations.ste);
  out.close();
}

void dump_quantization(Writer& out, const QuantizationConfig& quantization) {
  out.open("quantization");
  dump_weights(out, quantization.weights);
  dump_activations(out, quantization.activations);
  if (!quantization.overrides.empty()) {
    out.open_list("overrides");
    for (const QuantOverride& o : quantization.overrides) {
      out.element();
      out.key("layers", o.layers);
      if (o.weights != WeightQuantOverride{}) dump_weights(out, o.weights);
      if (o.activations != ActivationQuantOverride{}) dump_activations(out, o.activations);
    }
    out.close_list();
  }
  out.close();
}

void dump_phase(Writer& out, const PhaseConfig& phase) {
  const bool trains = phase.kind != PhaseKind::kCalibrate;
  out.element();
  out.key("kind", phase.kind);
  if (trains) out.key("epochs", phase.epochs);
  if (!trains || phase.kind == PhaseKind::kFrozen) out.key("batches", phase.batches);
  if (!trains) return;
  out.key("lr", phase.lr);
  if (phase.bits > 0) out.key("bits", phase.bits);
  out.open("schedule");
  out.key("kind", phase.schedule.kind);
  out.key("warmup", phase.schedule.warmup);
  out.key("step_epochs", phase.schedule.step_epochs);
  out.key("step_factor", phase.schedule.step_factor);
  out.key("final_factor", phase.schedule.final_factor);
  out.close();
}

void dump_train(Writer& out, const TrainConfig& train) {
  out.open("train");
  if (!train.init.empty()) out.key("init", train.init);
  out.key("batch_size", train.batch_size);
  out.key("loss", train.loss);
  out.open("optimizer");
  out.key("kind", train.optimizer.kind);
  out.key("lr", train.optimizer.lr);
  out.key("momentum", train.optimizer.momentum);
  out.key("nesterov", train.optimizer.nesterov);
  out.key("weight_decay", train.optimizer.weight_decay);
  out.key("beta1", train.optimizer.beta1);
  out.key("beta2", train.optimizer.beta2);
  out.key("eps", train.optimizer.eps);
  out.key("quantizer_lr_factor", train.optimizer.quantizer_lr_factor);
  out.close();
  out.open_list("phases");
  for (const PhaseConfig& phase : train.phases) dump_phase(out, phase);
  out.close_list();
  out.open("distill");
  out.key("weight", train.distill.weight);
  out.key("temperature", train.distill.temperature);
  out.close();
  out.key("backward", train.backward);
  out.key("float_reference", train.float_reference);
  out.key("label_smoothing", train.label_smoothing);
  out.key("average_epochs", train.average_epochs);
  out.key("checkpoint_steps", train.checkpoint_steps);
  out.close();
}

void dump_calibrate(Writer& out, const CalibrateConfig& calibrate) {
  out.open("calibrate");
  out.key("batches", calibrate.batches);
  out.key("weights", calibrate.weights);
  out.key("activations", calibrate.activations);
  out.key("equalize", calibrate.equalize);
  out.key("bias_correction", calibrate.bias_correction);
  out.open("adaround");
  out.key("iterations", calibrate.adaround.iterations);
  out.key("batch_size", calibrate.adaround.batch_size);
  out.key("lr", calibrate.adaround.lr);
  out.key("regularizer", calibrate.adaround.regularizer);
  out.key("warmup", calibrate.adaround.warmup);
  out.key("beta_start", calibrate.adaround.beta_start);
  out.key("beta_end", calibrate.adaround.beta_end);
  out.close();
  out.close();
}

}  // namespace

std::string dump_config(const ExperimentConfig& config) {
  Writer out;
  out.key("name", config.name);
  out.key("seed", config.seed);
  out.key("threads", config.threads);
  dump_data(out, config.data);
  dump_model(out, config.model);
  dump_quantization(out, config.quantization);
  dump_train(out, config.train);
  dump_calibrate(out, config.calibrate);
  out.open("export");
  out.key("golden_vectors", config.export_.golden_vectors);
  out.key("names", config.export_.names);
  out.close();
  return out.take();
}

}  // namespace intact
