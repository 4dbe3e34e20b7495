// intact train CONFIG [--out DIR] [--resume]
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/json_file.h"
#include "cli/run_log.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "train/progress_line.h"
#include "train/trainer.h"

namespace intact {
namespace {

std::atomic<bool> interrupted{false};

extern "C" void on_interrupt(int) {
  if (interrupted.exchange(true))
    std::_Exit(kExitInterrupted);  // the second Ctrl-C does not wait for the step to end
}

struct Options {
  std::string config, out, json;
  std::vector<std::string> sets;
  bool resume = false;
};

// " float 91.20 %"; "" for what was not measured.
std::string named_percent(const char* name, double share) {
  return share < 0 ? "" : fmt::format("{} {:.2f} %", name, 100.0 * share);
}

int run_train(const Options& o) {
  // With --resume a run folder may stand for its own config.
  std::filesystem::path file = o.config;
  std::filesystem::path root = o.out;
  if (o.resume && std::filesystem::is_directory(file)) {
    if (root.empty()) root = file;
    file = RunFolder{file}.config();
  }
  const ExperimentConfig config = load_config(file, o.sets);
  if (root.empty()) root = std::filesystem::path("runs") / config.name;
  const RunFolder folder{root};
  const int threads = set_threads(config.threads);
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);

  TrainOptions options;
  options.resume = o.resume;
  options.interrupt = &interrupted;
  options.started = [&] {
    log_to(folder, o.json);
    spdlog::info("training {} into {} on {} thread{}", config.name, folder.root.string(), threads,
                 threads == 1 ? "" : "s");
  };
  const TrainResult result = train(config, folder, options);
  const Progress& p = result.progress;
  const bool classifies = config.train.loss == LossKind::kCrossEntropy;
  if (result.complete) {
    spdlog::info("done in {}{}; integers {}", format_duration(p.seconds),
                 classifies ? ": accuracy" + named_percent(" quantized", p.quantized_accuracy) +
                                  named_percent(", float", p.float_accuracy)
                            : "",
                 to_hex(result.hash));
  } else {
    spdlog::info("interrupted; go on with: intact train {} --resume", folder.root.string());
  }
  nlohmann::ordered_json json{{"complete", result.complete},
                              {"run", folder.root.string()},
                              {"threads", threads},
                              {"seconds", p.seconds},
                              {"images_per_second", result.images_per_second},
                              {"integers", to_hex(result.hash)}};
  if (classifies) {
    if (p.quantized_accuracy >= 0) json["quantized_accuracy"] = p.quantized_accuracy;
    if (p.float_accuracy >= 0) json["float_accuracy"] = p.float_accuracy;
  }
  write_json(o.json, json);
  return result.complete ? kExitDone : kExitInterrupted;
}

}  // namespace

void add_train(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "Train a network from a config into a run folder");
  verb->add_option("config", o->config, "YAML config (with --resume: or a run folder)")->required();
  verb->add_option("--out", o->out, "Run folder; default: runs/NAME, NAME from the config");
  verb->add_flag("--resume", o->resume, "Go on from the run folder's last checkpoint");
  verb->add_option("--set", o->sets, "Override a config key: key.path=value (may be given several times)")
      ->expected(1)
      ->take_all();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_train(*o); });
}

}  // namespace intact
