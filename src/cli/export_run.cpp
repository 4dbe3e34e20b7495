#include "cli/export_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/host_runtime.h"
#include "config/load.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "data/dataset.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/capture/capture.h"
#include "exporters/passes/pass.h"
#include "train/load_shown.h"
#include "train/stage.h"

namespace intact {
namespace {

constexpr std::size_t kGoldenCandidates = 200;

std::vector<std::vector<std::uint8_t>> candidates(const Dataset& data) {
  std::vector<std::vector<std::uint8_t>> images;
  for (std::size_t i = 0; i < std::min(kGoldenCandidates, data.size()); ++i) {
    const auto image = data.image(i);
    images.emplace_back(image.begin(), image.end());
  }
  return images;
}

// A C identifier out of the network's name.
std::string symbol_for(const std::string& name) {
  std::string symbol = "intact_model_";
  for (char c : name) symbol += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return symbol;
}

}  // namespace

std::filesystem::path blob_file(const RunFolder& folder, Target target) {
  if (target == Target::kGeneric) return folder.blob();
  return folder.root / ("model-" + std::string(to_string(target)) + ".blob");
}

ExportResult export_run(const RunFolder& folder, const std::filesystem::path& blob_file,
                        const LowerOptions& lower_options, CFormat format) {
  const Capture captured = capture(folder.checkpoint());
  const ExperimentConfig config = parse_config(captured.config, folder.config().string());
  const Lowered lowered = lower(captured.graph, lower_options);

  BlobOptions options;
  options.names = config.export_.names;
  options.golden_inputs = choose_golden_inputs(lowered.graph, config.export_.golden_vectors, config.seed,
                                               candidates(load_shown(config.data).test));
  options.meta_json = nlohmann::ordered_json{{"name", config.name},
                                             {"producer", "intact " INTACT_VERSION},
                                             {"target", to_string(lower_options.target)}}
                          .dump();
  const std::vector<std::uint8_t> blob = write_blob(lowered, options);
  HostRuntime(blob).selftest();

  ExportResult result;
  result.blob = blob_file;
  result.target = lower_options.target;
  result.source = std::filesystem::path(blob_file).replace_extension(".c");
  result.header = std::filesystem::path(blob_file).replace_extension(".h");
  result.flash_bytes = blob.size();
  result.arena_bytes = lowered.arena_bytes;
  result.macs = graph_macs(lowered.graph);
  result.golden_vectors = static_cast<int>(options.golden_inputs.size());
  result.hash = hash_graph(lowered.graph);
  result.finished = captured.stage >= static_cast<std::int64_t>(make_stages(config.train).size());
  const CArray array = blob_to_c(blob, symbol_for(config.name), result.header.filename().string(), format);
  atomic_write_file(result.header, array.header);
  atomic_write_file(result.source, array.source);
  atomic_write_file(result.blob, blob);
  return result;
}

}  // namespace intact
