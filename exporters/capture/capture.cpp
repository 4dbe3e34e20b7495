#include "exporters/capture/capture.h"

#include "quant/libtorch.h"

#include "core/error.h"
#include "train/checkpoint.h"

namespace intact {

Capture capture(const std::filesystem::path& file) {
  const Checkpoint checkpoint(file);
  if (!checkpoint.graph()) {
    throw Error(
        file.string() +
        ": no integers yet: the run stands before its first calibrate or qat phase; go on with --resume");
  }
  return {*checkpoint.graph(), checkpoint.config(), checkpoint.progress().stage};
}

}  // namespace intact
