#include "train/trainer.h"

#include <ATen/Parallel.h>
#include <spdlog/spdlog.h>
#include "quant/libtorch.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>

#include "config/least_bits.h"
#include "config/load.h"
#include "core/error.h"
#include "data/dataset.h"
#include "nn/exact_conv.h"
#include "nn/int8_conv.h"
#include "nn/integer_network.h"
#include "train/batch_loader.h"
#include "train/check_outputs.h"
#include "train/copy_network.h"
#include "train/distill.h"
#include "train/evaluate.h"
#include "train/fused_sgd.h"
#include "train/load_shown.h"
#include "train/loss.h"
#include "train/optimizer.h"
#include "train/progress_line.h"
#include "train/run_log.h"
#include "train/run_networks.h"
#include "train/schedule.h"
#include "train/stage_order.h"
#include "train/take_over.h"

namespace intact {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kAverageBatches = 100;  // that measure batch norm's statistics for averaged weights
constexpr int kBitsBatches = 20;      // that quantizers see where a phase changes their bits

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

class Trainer {
 public:
  Trainer(const ExperimentConfig& config, const RunFolder& folder, const TrainOptions& options)
      : config_(config),
        folder_(folder),
        options_(options),
        data_(load_shown(config.data)),
        stages_(make_stages(config.train)),
        bits_(bits_in_stage(stages_, 0)),
        network_(build(bits_)),
        reference_(build(0)),
        fill_(static_cast<std::uint8_t>(network_->input().zero_point)),
        loss_(config.train.loss, network_->input().scale, network_->input().zero_point,
              config.train.label_smoothing),
        config_text_(dump_config(config)) {
    check_outputs(config, data_.train);
    set_split_backward(config.train.backward == BackwardPrecision::kSplitBf16);
    if (options.resume) {
      open_checkpoint();
    } else if (!config.train.init.empty()) {
      start_from(config.train.init);
    }
  }

  const DataSplits& data() const { return data_; }

  TrainResult run() {
    log_.emplace(folder_.metrics(), checkpoint_ ? checkpoint_->progress().metrics_bytes : 0);
    if (checkpoint_) restore(*checkpoint_);
    checkpoint_.reset();
    if (!origin_.empty()) spdlog::info("{}", origin_);
    start_ = Clock::now();
    seconds_before_ = progress_.seconds;
    while (progress_.stage < static_cast<std::int64_t>(stages_.size())) {
      if (progress_.stage == warmup_stages(stages_) && !progress_.stage_ready && shares_warmup())
        copy_network(*network_, *reference_);
      if (!run_stage(stages_[static_cast<std::size_t>(progress_.stage)])) return finish(false);
      progress_ = next_stage();
      optimizer_.reset();
      save();
    }
    return finish(true);
  }

 private:
  std::shared_ptr<Network> build(int least_bits) const {
    return build_network(with_least_bits(config_, least_bits),
                         {data_.train.height, data_.train.width, data_.train.channels});
  }

  // Goes on with the same weights under quantizers of other bits. Those that change take their ranges from
  // the data.
  void change_bits(int bits) {
    const auto next = build(bits);
    const ExperimentConfig from = with_least_bits(config_, bits_), to = with_least_bits(config_, bits);
    take_over_weights({*network_, from}, {*next, to}, folder_.root.string());
    take_over_quantizers({*network_, from}, {*next, to});
    network_ = next;
    bits_ = bits;
    network_->train();
    calibrate(kBitsBatches);
  }

  void open_checkpoint() {
    checkpoint_.emplace(folder_.checkpoint());
    if (parse_config(checkpoint_->config(), folder_.config().string()) == config_) return;
    throw Error(folder_.root.string() + ": the config differs from the one this run was started with (" +
                folder_.config().string() + "); resume with that one, or train into another folder");
  }

  // What another run ended on, its float network for the reference. A calibrate phase sets the quantizers
  // itself.
  void start_from(const std::string& init) {
    const RunNetworks run = load_run(RunFolder{init});
    take_over_weights({*run.network, run.config}, {*network_, config_}, init);
    if (run.reference) {
      take_over_weights({*run.reference, run.config}, {*reference_, config_}, init);
    } else {
      copy_network(*network_, *reference_);
    }
    progress_.float_accuracy = run.float_accuracy;
    origin_ = "starts from the networks of " + init;
    if (any_calibrates(stages_)) return;
    const int anew =
        take_over_quantizers({*run.network, run.config}, {*network_, with_least_bits(config_, bits_)});
    if (anew > 0) origin_ += fmt::format("; quantizers of {} layers take ranges of their own", anew);
  }

  void restore(Checkpoint& checkpoint) {
    progress_ = checkpoint.progress();
    const std::int64_t built_for = progress_.stage_ready ? progress_.stage : progress_.stage - 1;
    if (const int bits = bits_in_stage(stages_, std::max<std::int64_t>(0, built_for)); bits != bits_) {
      network_ = build(bits);
      bits_ = bits;
    }
    if (checkpoint.has_optimizer())
      make_stage_optimizer(stages_.at(static_cast<std::size_t>(progress_.stage)));
    checkpoint.restore(parts());
    graph_ = checkpoint.graph();
    if (progress_.stage == static_cast<std::int64_t>(stages_.size())) {
      spdlog::info("this run is finished already");
      return;
    }
    spdlog::info("resuming at stage {} of {}, epoch {}, step {}", progress_.stage + 1, stages_.size(),
                 progress_.epoch + 1, progress_.step);
  }

  CheckpointParts parts() { return {*network_, *reference_, optimizer_.get(), &average_}; }

  void save() {
    progress_.metrics_bytes = log_->bytes();
    progress_.seconds = seconds_before_ + seconds_since(start_);
    save_checkpoint(folder_.checkpoint(), progress_, parts(), graph_, config_text_);
  }

  Progress next_stage() const {
    Progress p = progress_;
    ++p.stage;
    p.stage_ready = false;
    p.epoch = p.step = p.correct = p.seen = 0;
    p.loss_sum = 0;
    return p;
  }

  TrainResult finish(bool complete) {
    TrainResult result;
    result.complete = complete;
    result.progress = progress_;
    if (graph_) result.hash = hash_graph(*graph_);
    result.images_per_second = train_seconds_ > 0 ? static_cast<double>(images_) / train_seconds_ : 0;
    if (const std::int64_t failed = exact_conv_failed_probes(); failed > 0) {
      spdlog::info("{} convolution algorithms were found inexact and replaced", failed);
    }
    return result;
  }

  bool interrupted() const { return options_.interrupt != nullptr && options_.interrupt->load(); }

  Network& trained(const Stage& stage) { return stage.reference ? *reference_ : *network_; }

  void make_stage_optimizer(const Stage& stage) {
    optimizer_ = make_optimizer(trained(stage), config_.train.optimizer, !stage.runs_float());
  }

  // A number of its own for every epoch of every stage, so that none repeats another's order and
  // augmentation.
  std::uint64_t epoch_key(std::int64_t epoch) const {
    return (static_cast<std::uint64_t>(progress_.stage) << 32) + static_cast<std::uint64_t>(epoch);
  }

  BatchLoader loader(std::int64_t epoch, std::int64_t first) const {
    return {data_.train, config_.data.augment, config_.train.batch_size,
            fill_,       config_.seed,         epoch_key(epoch),
            first};
  }

  // Whether the reference starts from the warm-up's weights, and not from those of train.init.
  bool shares_warmup() const { return warmup_stages(stages_) > 0 || config_.train.init.empty(); }

  // Returns false when interrupted.
  bool run_stage(const Stage& stage) {
    if (const int bits = bits_in_stage(stages_, progress_.stage); bits != bits_) change_bits(bits);
    Network& network = trained(stage);
    network.train();
    const bool frozen = stage.phase.kind == PhaseKind::kFrozen && !stage.reference;
    if (frozen) network.set_observing(false);
    if (!progress_.stage_ready) {
      if (stage.phase.kind == PhaseKind::kCalibrate) calibrate(stage.phase.batches);
      if (frozen) reestimate(stage);
      progress_.stage_ready = true;
    }
    if (stage.phase.kind == PhaseKind::kCalibrate) return true;
    if (!optimizer_) make_stage_optimizer(stage);
    while (progress_.epoch < stage.phase.epochs) {
      if (!run_epoch(stage)) {
        save();
        return false;
      }
      end_epoch(stage);
      average(stage);
      progress_.loss_sum = 0;
      progress_.step = progress_.correct = progress_.seen = 0;
      ++progress_.epoch;
      save();
    }
    if (frozen) log_->frozen("after the exact epochs", evaluate_integers());
    return true;
  }

  // Behind an epoch: takes its weights into the average, and behind the last one goes on with that.
  void average(const Stage& stage) {
    if (stage.phase.kind != PhaseKind::kQat) return;
    const std::int64_t left = qat_epochs_behind(stages_, progress_.stage, progress_.epoch);
    if (left >= config_.train.average_epochs) return;
    Network& network = trained(stage);
    average_.add(network);
    if (left > 0) return;
    average_.copy_to(network);
    spdlog::info("{}: the mean of the weights of the last {} epochs", stage.label(), average_.count());
    average_.clear();
    measure_statistics(stage, kAverageBatches);
    log_->averaged(stage, evaluate(stage));
  }

  // Quantizers take their ranges from the float form's values.
  void calibrate(int count) {
    torch::NoGradGuard no_grad;
    BatchLoader batches = loader(0, 0);
    ProgressLine line("calibrate", count, "batch");
    int done = 0;
    for (; done < count && !batches.done(); ++done) {
      network_->forward_float(batches.next().images, {Statistics::kBatchOnly, true});
      line.update(done + 1, "");
    }
    log_->calibrated(done, evaluate_quantized());
  }

  Evaluation evaluate_integers() const {
    return intact::evaluate_integers(IntegerNetwork(*graph_), data_.test, config_.train.loss);
  }

  // Batch norm's statistics over many batches of the network as it is now; from here on they stay.
  void reestimate(const Stage& stage) {
    if (graph_) log_->frozen("before re-estimation", evaluate_integers());
    measure_statistics(stage, stage.phase.batches);
    graph_ = network_->freeze();
    log_->frozen("after re-estimation", evaluate_integers());
  }

  void measure_statistics(const Stage& stage, int count) {
    torch::NoGradGuard no_grad;
    Network& network = trained(stage);
    network.start_reestimation();
    ProgressLine line("re-estimating statistics", count, "batch");
    std::int64_t pass = 0;
    for (int done = 0; done < count; ++pass) {  // small data sets: several passes
      BatchLoader batches = loader(stage.phase.epochs + pass, 0);
      for (; done < count && !batches.done(); ++done) {
        const torch::Tensor images = batches.next().images;
        if (stage.runs_float()) {
          network.forward_float(images, {Statistics::kReestimate, false});
        } else {
          network.forward_quantized(images, {Statistics::kReestimate, nullptr});
        }
        line.update(done + 1, "");
      }
    }
    network.finish_reestimation();
  }

  // What the float reference, trained by now, says of a batch.
  torch::Tensor taught(const torch::Tensor& student, const torch::Tensor& images, const torch::Tensor& loss) {
    const DistillConfig& distill = config_.train.distill;
    torch::Tensor teacher;
    {
      torch::NoGradGuard no_grad;
      teacher = reference_->forward_float(images, {Statistics::kRunning, false});
    }
    return (1 - distill.weight) * loss +
           distill.weight * distillation_loss(student, teacher, distill.temperature);
  }

  torch::Tensor forward(const Stage& stage, Network& network, const torch::Tensor& images) {
    if (stage.runs_float()) return network.forward_float(images, {Statistics::kBatch, false});
    if (stage.phase.kind != PhaseKind::kFrozen)
      return network.forward_quantized(images, {Statistics::kBatch, nullptr});
    graph_ =
        network.freeze();  // the integers of this step's parameters: what would run is what is trained on
    return network.forward_quantized(images, {Statistics::kRunning, &*graph_});
  }

  double epochs_done(std::int64_t steps_per_epoch) const {
    return static_cast<double>(progress_.epoch) +
           static_cast<double>(progress_.step) / static_cast<double>(steps_per_epoch);
  }

  // Returns false when interrupted, with progress_ at the step to go on from.
  bool run_epoch(const Stage& stage) {
    Network& network = trained(stage);
    const std::int64_t per_epoch = batches_per_epoch(data_.train, config_.train.batch_size);
    const double base = base_rate(stage.phase, config_.train.optimizer);
    const bool log_steps = stage.phase.kind == PhaseKind::kFrozen && !stage.reference;
    BatchLoader batches = loader(progress_.epoch, progress_.step);
    const auto images = static_cast<double>(per_epoch * config_.train.batch_size);
    ProgressLine line(
        stage.label() + " " + std::to_string(progress_.epoch + 1) + "/" + std::to_string(stage.phase.epochs),
        images, "img",
        static_cast<double>(epochs_behind(stages_, progress_.stage, progress_.epoch)) * images);
    const Clock::time_point begin = Clock::now();
    while (!batches.done()) {
      if (interrupted()) return false;
      const Batch batch = batches.next();
      const double rate =
          learning_rate(stage.phase.schedule, base, progress_.epoch * per_epoch + progress_.step,
                        stage.phase.epochs * per_epoch, per_epoch);
      set_learning_rate(*optimizer_, config_.train.optimizer, rate);
      if (!stage.runs_float())
        network.set_progress(qat_share(stages_, {progress_.stage, epochs_done(per_epoch)}));
      const double loss = step(stage, network, batch);
      ++progress_.step;
      if (log_steps) log_->step(stage, progress_.epoch, progress_.step, loss);
      line.update(static_cast<double>(progress_.seen), describe(progress_));
      if (progress_.step % config_.train.checkpoint_steps == 0 && !batches.done()) save();
    }
    last_epoch_rate_ = static_cast<double>(progress_.seen) / seconds_since(begin);
    train_seconds_ += seconds_since(begin);
    return true;
  }

  double step(const Stage& stage, Network& network, const Batch& batch) {
    drop_gradients(*optimizer_);
    const torch::Tensor outputs = forward(stage, network, batch.images);
    torch::Tensor loss = loss_.mean(outputs, batch);
    if (!stage.runs_float() && config_.train.distill.weight > 0) loss = taught(outputs, batch.images, loss);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      throw Error("training diverged: the loss is " + std::to_string(value) + " in phase " + stage.label() +
                  ", epoch " + std::to_string(progress_.epoch + 1) + ", step " +
                  std::to_string(progress_.step + 1) + "; lower train.optimizer.lr or the phase's lr");
    }
    if (!stage.runs_float()) {
      const torch::Tensor extra = network.regularizer();
      if (extra.defined()) loss = loss + extra;
    }
    loss.backward();
    optimizer_->step();
    const std::int64_t n = batch.labels.size(0);
    progress_.loss_sum += value * static_cast<double>(n);
    progress_.correct += loss_.correct(outputs, batch);
    progress_.seen += n;
    images_ += n;
    return value;
  }

  // Of the epoch so far, on the training data.
  std::string describe(const Progress& p) const {
    const auto seen = static_cast<double>(std::max<std::int64_t>(1, p.seen));
    const std::string loss = fmt::format("loss {:.4f}", p.loss_sum / seen);
    if (!loss_.classifies()) return loss;
    return loss + fmt::format("  accuracy {:.2f} %", 100.0 * static_cast<double>(p.correct) / seen);
  }

  void end_epoch(const Stage& stage) {
    EpochReport report;
    report.test = evaluate(stage);
    if (!stage.runs_float()) report.integers = to_hex(hash_graph(*graph_));
    const auto seen = static_cast<double>(progress_.seen);
    report.epoch = progress_.epoch;
    report.training = describe(progress_);
    report.loss = progress_.loss_sum / seen;
    if (loss_.classifies()) report.accuracy = static_cast<double>(progress_.correct) / seen;
    report.images_per_second = last_epoch_rate_;
    log_->epoch(stage, report);
  }

  // The quantized network as it is now, on the test set: its integers are frozen anew.
  Evaluation evaluate_quantized() {
    graph_ = network_->freeze();
    const Evaluation e = evaluate_integers();
    progress_.quantized_accuracy = e.accuracy.value_or(0);
    return e;
  }

  // The stage's network as it is now, on the test set.
  Evaluation evaluate(const Stage& stage) {
    if (stage.runs_float()) {
      const Evaluation e = evaluate_float(trained(stage), data_.test, config_.train.loss);
      progress_.float_accuracy = e.accuracy.value_or(0);
      return e;
    }
    return evaluate_quantized();
  }

  const ExperimentConfig& config_;
  RunFolder folder_;
  TrainOptions options_;
  DataSplits data_;
  std::vector<Stage> stages_;
  int bits_;  // PhaseConfig::bits of network_ as it is
  std::shared_ptr<Network> network_, reference_;
  std::uint8_t fill_;
  Loss loss_;
  std::string config_text_;
  std::optional<Checkpoint> checkpoint_;  // to resume from, until run() has taken it over
  std::optional<RunLog> log_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  WeightAverage average_;
  std::string origin_;          // of the networks, for the log; empty: from the seed
  std::optional<Graph> graph_;  // the integers as of the last freeze()
  Progress progress_;
  Clock::time_point start_;
  double seconds_before_ = 0, train_seconds_ = 0, last_epoch_rate_ = 0;
  std::int64_t images_ = 0;
};

}  // namespace

int set_threads(int threads) {
  const int n = threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(n);
  return n;
}

TrainResult train(const ExperimentConfig& config, const RunFolder& folder, const TrainOptions& options) {
  // A run killed before its first checkpoint has nothing to resume from but its config: it starts over.
  const bool resume = options.resume && std::filesystem::exists(folder.checkpoint());
  if (!resume) refuse_run(folder);
  TrainOptions actual = options;
  actual.resume = resume;
  Trainer trainer(config, folder, actual);
  if (!resume) create_run(folder, config, trainer.data());
  if (options.started) options.started();
  return trainer.run();
}

}  // namespace intact
