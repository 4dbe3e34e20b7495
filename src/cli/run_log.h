// What a verb says while it works on a run: to the console, and with dates to the run's log.
#pragma once

#include "train/run_folder.h"

namespace intact {

void log_to(const RunFolder& folder);

}  // namespace intact
