#include "train/run_folder.h"

#include <system_error>

#include "config/load.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "data/feature_table.h"

namespace intact {

void refuse_run(const RunFolder& folder) {
  if (!std::filesystem::exists(folder.checkpoint())) return;
  throw Error(folder.root.string() +
              " holds a run already; go on with it by --resume, or choose another folder with --out");
}

void create_run(const RunFolder& folder, const ExperimentConfig& config, const DataSplits& data) {
  std::error_code failed;
  std::filesystem::create_directories(folder.root, failed);
  if (failed) throw Error(folder.root.string() + ": cannot be created: " + failed.message());
  atomic_write_file(folder.config(), dump_config(config));
  if (!data.features.empty()) atomic_write_file(folder.features(), feature_table(data.features));
}

}  // namespace intact
