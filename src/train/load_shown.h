// Data loaded while somebody watches.
#pragma once

#include "data/dataset.h"

namespace intact {

// load_data() with a progress line, and its notes in the log.
DataSplits load_shown(const DataConfig& config);

}  // namespace intact
