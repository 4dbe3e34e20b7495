// A blob as C source, for firmware without a file system.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace intact {

struct CArray {
  std::string header;
  std::string source;
};

enum class CFormat {
  kArray,        // the blob alone: portable C99 and C++ without other dependencies
  kWithKernels,  // and the intact_kernel_set `symbol`_kernels of what the model refers to, for
                 // intact_init_with: C99, with src/runtime beside it
};

// `symbol`: the array's name and, in capitals, the prefix of the macros. `header_name`: how the source
// includes the header. The array lies at a multiple of 16.
// Throws Error when the blob is refused by read_blob() or `symbol` is no C identifier.
CArray blob_to_c(std::span<const std::uint8_t> blob, const std::string& symbol,
                 const std::string& header_name, CFormat format = CFormat::kArray);

}  // namespace intact
