// What a verb says while it works on a run: to the console, and with dates to the run's log.
#pragma once

#include <string>

#include "train/run_folder.h"

namespace intact {

// json: the verb's --json (text_output).
void log_to(const RunFolder& folder, const std::string& json);

}  // namespace intact
