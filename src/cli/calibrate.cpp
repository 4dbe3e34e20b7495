// intact calibrate RUN|CONFIG [--out DIR]
#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/json_file.h"
#include "cli/run_log.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "train/calibrate/calibrator.h"
#include "train/progress_line.h"
#include "train/trainer.h"

namespace intact {
namespace {

struct Options {
  std::string source, out, json;
  std::vector<std::string> sets;
};

// "runs/a/" -> "runs/a-calibrated".
std::filesystem::path beside(const std::filesystem::path& run) {
  const std::filesystem::path plain = run.has_filename() ? run : run.parent_path();
  return plain.string() + "-calibrated";
}

int run_calibrate(const Options& o) {
  const std::filesystem::path source = o.source;
  const bool is_run = std::filesystem::is_directory(source);
  ExperimentConfig config = load_config(is_run ? RunFolder{source}.config() : source, o.sets);
  if (is_run) config.train.init = o.source;
  RunFolder folder{o.out};
  if (o.out.empty()) folder.root = is_run ? beside(source) : std::filesystem::path("runs") / config.name;
  const int threads = set_threads(config.threads);

  CalibrateOptions options;
  options.started = [&] {
    log_to(folder, o.json);
    spdlog::info("calibrating {} into {} on {} thread{}", config.name, folder.root.string(), threads,
                 threads == 1 ? "" : "s");
  };
  const CalibrateResult result = calibrate(config, folder, options);
  const bool classifies = result.quantized.accuracy.has_value();
  spdlog::info("done in {}{}; integers {}", format_duration(result.seconds),
               classifies ? fmt::format(": accuracy quantized {:.2f} %, float {:.2f} %",
                                        100.0 * *result.quantized.accuracy, 100.0 * *result.float_.accuracy)
                          : "",
               to_hex(result.hash));
  nlohmann::ordered_json json{{"run", folder.root.string()},     {"threads", threads},
                              {"seconds", result.seconds},       {"images", result.images},
                              {"integers", to_hex(result.hash)}, {"quantized_loss", result.quantized.loss},
                              {"float_loss", result.float_.loss}};
  if (classifies) {
    json["quantized_accuracy"] = *result.quantized.accuracy;
    json["float_accuracy"] = *result.float_.accuracy;
  }
  for (const LayerFidelity& layer : result.layers)
    json["layers"].push_back({{"name", layer.layer}, {"sqnr_db", layer.sqnr}});
  write_json(o.json, json);
  return kExitDone;
}

}  // namespace

void add_calibrate(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "calibrate", "Quantize a trained float network without training (post-training quantization)");
  verb->add_option("source", o->source,
                   "Run folder with a float network, or YAML config whose train.init names one")
      ->required();
  verb->add_option("--out", o->out, "Run folder to write; default: RUN-calibrated (config: runs/NAME)");
  verb->add_option("--set", o->sets, "Override a config key: key.path=value (may be given several times)")
      ->expected(1)
      ->take_all();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_calibrate(*o); });
}

}  // namespace intact
