#include "train/run_networks.h"

#include <algorithm>

#include "config/load.h"
#include "core/error.h"
#include "train/checkpoint.h"
#include "train/stage.h"

namespace intact {
namespace {

// The reference is trained on its own, or stands where the float warm-up or an earlier run left it.
bool has_float_network(const TrainConfig& train) {
  return train.float_reference || !train.init.empty() ||
         std::any_of(train.phases.begin(), train.phases.end(),
                     [](const PhaseConfig& phase) { return phase.kind == PhaseKind::kFloat; });
}

}  // namespace

RunNetworks load_run(const RunFolder& folder) {
  Checkpoint checkpoint(folder.checkpoint());
  RunNetworks run;
  run.config = parse_config(checkpoint.config(), folder.config().string());
  const auto stages = static_cast<std::int64_t>(make_stages(run.config.train).size());
  if (checkpoint.progress().stage < stages || !checkpoint.graph()) {
    throw Error(folder.root.string() + ": this run is not finished; go on with: intact train " +
                folder.root.string() + " --resume");
  }
  const Graph& graph = *checkpoint.graph();
  const Shape& shape = graph.tensors.at(static_cast<std::size_t>(graph.input)).shape;
  run.network = build_network(run.config, shape);
  run.reference = build_network(run.config, shape);
  checkpoint.restore({*run.network, *run.reference, nullptr});
  run.float_accuracy = checkpoint.progress().float_accuracy;
  if (!has_float_network(run.config.train)) run.reference.reset();
  return run;
}

}  // namespace intact
