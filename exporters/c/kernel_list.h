// The runtime's kernels that one model refers to, as C source.
#pragma once

#include <string>

#include "exporters/blob/blob_reader.h"

namespace intact {

// The definition of an intact_kernel_set `symbol`: each kernel that a node names, where the compiled-for core
// has it; where it has not, the portable one that the runtime then takes; and of the other operations those
// that occur. A linker that drops what nothing refers to keeps just these.
std::string kernel_list(const BlobContents& contents, const std::string& symbol);

}  // namespace intact
