#include "train/run_log.h"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace intact {
namespace {

using nlohmann::json;

json with(json line, const Evaluation& e) {
  line["test_loss"] = e.loss;
  if (e.accuracy) line["test_accuracy"] = *e.accuracy;
  return line;
}

}  // namespace

void RunLog::calibrated(int batches, const Evaluation& e) {
  spdlog::info("calibrated on {} batches: integer network without training: {}", batches, to_text(e));
  metrics_.write(with({{"event", "calibrate"}, {"batches", batches}}, e));
}

void RunLog::epoch(const Stage& stage, const EpochReport& report) {
  spdlog::info("{} {}/{}: {}, {:.0f} img/s; test {}{}", stage.label(), report.epoch + 1, stage.phase.epochs,
               report.training, report.images_per_second, to_text(report.test),
               report.integers.empty() ? "" : ", integers " + report.integers.substr(0, 16));
  json line{{"event", "epoch"}, {"phase", stage.label()}, {"epoch", report.epoch + 1}, {"loss", report.loss}};
  if (report.accuracy) line["accuracy"] = *report.accuracy;
  if (!report.integers.empty()) line["integers"] = report.integers;
  metrics_.write(with(std::move(line), report.test));
}

void RunLog::step(const Stage& stage, std::int64_t epoch, std::int64_t step, double loss) {
  metrics_.write(
      {{"event", "step"}, {"phase", stage.label()}, {"epoch", epoch + 1}, {"step", step}, {"loss", loss}});
}

void RunLog::averaged(const Stage& stage, const Evaluation& e) {
  spdlog::info("averaged weights: {}", to_text(e));
  metrics_.write(with({{"event", "average"}, {"phase", stage.label()}}, e));
}

void RunLog::frozen(const std::string& moment, const Evaluation& e) {
  spdlog::info("frozen statistics, {}: {}", moment, to_text(e));
  metrics_.write(with({{"event", "frozen"}, {"moment", moment}}, e));
}

}  // namespace intact
