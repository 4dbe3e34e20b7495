// The host's kernels, and for those of other instruction sets their planning functions with a portable kernel
// behind: planning is portable C that runs on the device with a hostile blob's shapes, so it is fuzzed here.
#pragma once

#include "runtime/intact_kernels.h"

namespace intact::testing {

const intact_kernel_set& fuzz_kernels();

}  // namespace intact::testing
