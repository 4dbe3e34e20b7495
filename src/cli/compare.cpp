// intact compare RUN [--limit N] [--core NAME]
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/compare/comparison.h"
#include "cli/compare/device_rung.h"
#include "cli/compare/host_rungs.h"
#include "cli/compare/report.h"
#include "cli/exported_blob.h"
#include "cli/json_file.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "exporters/capture/capture.h"
#include "firmware/qemu_runner.h"
#include "train/checkpoint.h"
#include "train/evaluate.h"
#include "train/load_shown.h"
#include "train/progress_line.h"
#include "train/trainer.h"

namespace intact {
namespace {

struct Options {
  std::string run, core = "none", json;
  std::int64_t limit = 0;  // 0: all
  std::int64_t core_samples = 200;
};

// The float rung: the reference network of the checkpoint.
RungResult evaluate_reference(const RunFolder& folder, const ExperimentConfig& config, const Dataset& data) {
  Checkpoint checkpoint(folder.checkpoint());
  const Shape shape{data.height, data.width, data.channels};
  const auto network = build_network(config, shape), reference = build_network(config, shape);
  checkpoint.restore({*network, *reference, nullptr});
  const Evaluation e = evaluate_float(*reference, data, config.train.loss);
  return {"float", e.samples, e.accuracy.value_or(e.loss)};
}

std::vector<std::string> core_names() {
  std::vector<std::string> names{"none"};
  for (const Core core : kAllCores) names.emplace_back(to_string(core));
  return names;
}

// The first `limit` samples.
Dataset head(Dataset data, std::int64_t limit) {
  if (limit > 0 && static_cast<std::size_t>(limit) < data.size()) {
    data.images.resize(static_cast<std::size_t>(limit) * data.image_bytes());
    data.labels.resize(static_cast<std::size_t>(limit));
  }
  return data;
}

int run_compare(const Options& o) {
  const RunFolder folder{o.run};
  const Capture captured = capture(folder.checkpoint());
  const ExperimentConfig config = parse_config(captured.config, folder.config().string());
  const ExportedBlob exported =
      exported_blob(folder, o.core == "none" ? std::nullopt : std::optional(target_of_core(o.core)),
                    hash_graph(captured.graph));
  const std::vector<std::uint8_t>& blob = exported.bytes;
  const BlobContents& contents = exported.contents;
  const int threads = set_threads(config.threads);
  const Dataset data = head(load_shown(config.data).test, o.limit);
  const auto samples = static_cast<std::int64_t>(data.size());

  std::vector<std::unique_ptr<Rung>> rungs;
  rungs.push_back(std::make_unique<QuantizedRung>(captured.graph));
  rungs.push_back(std::make_unique<OracleRung>(captured.graph, threads));
  rungs.push_back(std::make_unique<RuntimeRung>(captured.graph, blob, threads));
  CompareReport report;
  if (o.core != "none") {
    auto device =
        std::make_unique<DeviceRung>(captured.graph, blob, o.core, data, std::min(o.core_samples, samples));
    report.instructions = device->instructions();
    report.core = o.core;
    rungs.push_back(std::move(device));
  }
  {
    ProgressLine line("compare", static_cast<double>(samples), "samples");
    report.comparison = compare_rungs(captured.graph, data, samples, rungs, config.train.loss,
                                      [&](std::int64_t done) { line.update(static_cast<double>(done), ""); });
  }
  if (config.train.float_reference)
    report.comparison.rungs.insert(report.comparison.rungs.begin(), evaluate_reference(folder, config, data));
  report.hash = contents.state_hash;
  report.blob = exported.file.string();
  report.target = contents.target;
  report.flash_bytes = blob.size();
  report.arena_bytes = contents.lowered.arena_bytes;
  report.macs = graph_macs(captured.graph);

  std::fputs(to_text(report).c_str(), text_output(o.json));
  const nlohmann::ordered_json json = to_json(report);
  write_json(folder.compare().string(), json);
  write_json(o.json, json);
  return report.comparison.equal() ? kExitDone : kExitDifferent;
}

}  // namespace

void add_compare(CLI::App& app, int& exit_code) {
  const CLI::Range count(std::int64_t{1}, std::numeric_limits<std::int64_t>::max());
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("compare", "Run all rungs on the test data and count the values that differ");
  verb->add_option("run", o->run, "Run folder (exported first if it has no blob for the core)")->required();
  verb->add_option("--limit", o->limit, "Compare the first N test samples only")->check(count);
  verb->add_option("--core", o->core, "Run the blob on this core under QEMU as well")
      ->check(CLI::IsMember(core_names()))
      ->capture_default_str();
  verb->add_option("--core-samples", o->core_samples, "Samples on the core")
      ->check(count)
      ->capture_default_str();
  verb->add_option(
      "--json", o->json,
      "Write the result as JSON to this file (-: standard output); RUN/compare.json is always written");
  verb->callback([o, &exit_code] { exit_code = run_compare(*o); });
}

}  // namespace intact
