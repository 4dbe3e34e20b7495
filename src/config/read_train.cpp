#include <algorithm>

#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {
namespace {

constexpr RealRange kRate{0.0, 100.0, true};
constexpr RealRange kShare{0.0, 1.0};
constexpr IntRange kEpochs{1, 100000};

// Keys of all kinds of optimizer may stand side by side, so that one --set of the kind switches between them.
OptimizerConfig read_optimizer(const TreeNode& node) {
  const MapReader map(
      node, "train.optimizer",
      {"kind", "lr", "momentum", "nesterov", "weight_decay", "beta1", "beta2", "eps", "quantizer_lr_factor"});
  OptimizerConfig optimizer;
  map.choice("kind", optimizer.kind);
  map.real("lr", optimizer.lr, kRate);
  map.real("momentum", optimizer.momentum, {0.0, 0.9999});
  map.boolean("nesterov", optimizer.nesterov);
  map.real("weight_decay", optimizer.weight_decay, kShare);
  map.real("beta1", optimizer.beta1, {0.0, 0.9999});
  map.real("beta2", optimizer.beta2, {0.0, 0.999999});
  map.real("eps", optimizer.eps, {0.0, 1.0, true});
  map.real("quantizer_lr_factor", optimizer.quantizer_lr_factor, {0.0, 100.0});
  if (optimizer.kind == OptimizerKind::kSgd && optimizer.nesterov && optimizer.momentum == 0.0) {
    const TreeNode* momentum = map.find("momentum");
    fail_at(momentum->where, "nesterov needs a momentum above 0", "set nesterov: false");
  }
  return optimizer;
}

// Likewise.
ScheduleConfig read_schedule(const TreeNode& node) {
  const MapReader map(node, "schedule", {"kind", "warmup", "step_epochs", "step_factor", "final_factor"});
  ScheduleConfig schedule;
  map.choice("kind", schedule.kind);
  map.real("warmup", schedule.warmup, kShare);
  map.integer("step_epochs", schedule.step_epochs, kEpochs);
  map.real("step_factor", schedule.step_factor, {0.0, 1.0, true});
  map.real("final_factor", schedule.final_factor, kShare);
  return schedule;
}

std::vector<std::string_view> phase_keys(PhaseKind kind) {
  switch (kind) {
    case PhaseKind::kCalibrate:
      return {"kind", "batches"};
    case PhaseKind::kFrozen:
      return {"kind", "epochs", "batches", "lr", "schedule"};
    case PhaseKind::kQat:
      return {"kind", "epochs", "lr", "schedule", "bits"};
    case PhaseKind::kFloat:
      break;
  }
  return {"kind", "epochs", "lr", "schedule"};
}

PhaseConfig read_phase(const TreeNode& node) {
  const MapReader any(node, "a phase", {"kind", "epochs", "batches", "lr", "schedule", "bits"});
  PhaseConfig phase;
  phase.kind = read_choice<PhaseKind>(any.require("kind"), "kind");
  const MapReader map(node, "a " + std::string(to_word(phase.kind)) + " phase", phase_keys(phase.kind));
  map.integer("epochs", phase.epochs, kEpochs);
  map.integer("batches", phase.batches, {1, 1000000});
  map.real("lr", phase.lr, kRate);
  map.integer("bits", phase.bits, {2, 8});
  if (const TreeNode* schedule = map.find("schedule")) phase.schedule = read_schedule(*schedule);
  return phase;
}

void check_order(const TreeNode& node, const PhaseConfig& phase, const PhaseConfig& before) {
  const std::string word(to_word(phase.kind));
  if (phase.kind < before.kind) {
    fail_at(node.where,
            "a " + word + " phase cannot follow a " + std::string(to_word(before.kind)) + " phase",
            "the order is float, calibrate, qat, frozen");
  }
  if (phase.kind == PhaseKind::kFrozen && before.kind == PhaseKind::kFrozen) {
    fail_at(node.where, "a second frozen phase", "only the last phase can be frozen; give it more epochs");
  }
}

// `before`: the phase before, if any.
void check_bits(const TreeNode& node, const PhaseConfig& phase, const PhaseConfig* before) {
  if (phase.bits == 0 || before == nullptr || before->kind != PhaseKind::kQat) return;
  if (before->bits > phase.bits) return;
  fail_at(node.where,
          "bits: " + std::to_string(phase.bits) + " in a phase behind one with " +
              (before->bits > 0 ? "bits: " + std::to_string(before->bits) : "the network's own bits"),
          "bits fall from phase to phase");
}

std::vector<PhaseConfig> read_phases(const TreeNode& node) {
  std::vector<PhaseConfig> phases;
  const TreeNode* last_qat = nullptr;
  int last_bits = 0;
  for (const TreeNode& item : read_list(node, "phases")) {
    phases.push_back(read_phase(item));
    if (phases.back().kind == PhaseKind::kQat) {
      last_qat = &item;
      last_bits = phases.back().bits;
    }
    const PhaseConfig* before = phases.size() > 1 ? &phases[phases.size() - 2] : nullptr;
    if (before != nullptr) check_order(item, phases.back(), *before);
    check_bits(item, phases.back(), before);
  }
  if (phases.empty() || phases.back().kind == PhaseKind::kFloat) {
    fail_at(node.where, "phases must end in a calibrate, qat or frozen phase",
            "without one nothing is quantized");
  }
  if (last_bits > 0) {
    fail_at(last_qat->where, "the last qat phase has 'bits'",
            "add a qat phase without: that one trains the network's own bits");
  }
  return phases;
}

void read_distill(const TreeNode& node, TrainConfig& train) {
  const MapReader map(node, "distill", {"weight", "temperature"});
  map.real("weight", train.distill.weight, {0.0, 1.0});
  map.real("temperature", train.distill.temperature, {0.0, 100.0, true});
  if (train.distill.weight == 0.0) return;
  const bool starts_float =
      !train.init.empty() || std::any_of(train.phases.begin(), train.phases.end(),
                                         [](const PhaseConfig& p) { return p.kind == PhaseKind::kFloat; });
  if (!train.float_reference && !starts_float) {
    fail_at(node.where, "distillation needs a float network for a teacher",
            "set float_reference: true, begin with a float phase or train.init, or leave distill out");
  }
  if (train.loss != LossKind::kCrossEntropy)
    fail_at(node.where, "distillation goes with the loss cross_entropy only", "leave distill out");
}

// A mean over epochs of different bits would mix scales that mean different things.
void check_average(const MapReader& map, const TrainConfig& train) {
  int own = 0;
  bool gradual = false;
  for (const PhaseConfig& phase : train.phases) {
    if (phase.kind != PhaseKind::kQat) continue;
    if (phase.bits > 0) gradual = true;
    if (phase.bits == 0) own += phase.epochs;
  }
  if (!gradual || train.average_epochs <= own) return;
  fail_at(map.find("average_epochs")->where, "'average_epochs' reaches into phases with 'bits'",
          "the qat phases without have " + std::to_string(own) + " epochs");
}

}  // namespace

TrainConfig read_train(const TreeNode& node) {
  const MapReader map(node, "train",
                      {"init", "batch_size", "loss", "optimizer", "phases", "distill", "backward",
                       "float_reference", "label_smoothing", "average_epochs", "checkpoint_steps"});
  TrainConfig train;
  map.text("init", train.init);
  map.integer("batch_size", train.batch_size, {1, 65536});
  map.choice("loss", train.loss);
  if (const TreeNode* optimizer = map.find("optimizer")) train.optimizer = read_optimizer(*optimizer);
  train.phases = read_phases(map.require("phases"));
  map.boolean("float_reference", train.float_reference);
  if (const TreeNode* distill = map.find("distill")) read_distill(*distill, train);
  map.choice("backward", train.backward);
  map.real("label_smoothing", train.label_smoothing, {0.0, 0.9});
  if (train.loss == LossKind::kReconstruction && train.label_smoothing > 0.0) {
    fail_at(map.find("label_smoothing")->where, "'label_smoothing' goes with the loss cross_entropy only",
            "reconstruction looks at no labels");
  }
  map.integer("average_epochs", train.average_epochs, {0, 1000000});
  check_average(map, train);
  map.integer("checkpoint_steps", train.checkpoint_steps, {1, 1000000000});
  return train;
}

ExportConfig read_export(const TreeNode& node) {
  const MapReader map(node, "export", {"golden_vectors", "names"});
  ExportConfig config;
  map.integer("golden_vectors", config.golden_vectors, {4, 64});
  map.boolean("names", config.names);
  return config;
}

}  // namespace intact
