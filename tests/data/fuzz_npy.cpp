// libFuzzer target: any bytes are an array whose shape fits its data, or a DataError.
// Build: -DINTACT_FUZZ=ON with clang. Run: fuzz_npy -max_len=4096 CORPUS
#include <cstdint>
#include <cstdlib>

#include "data/data_error.h"
#include "data/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const intact::NpyArray array = intact::parse_npy({data, size}, "fuzz");
    std::size_t count = 1;
    for (const std::size_t dimension : array.shape) count *= dimension;
    if (array.shape.empty() || count != array.data.size()) std::abort();
  } catch (const intact::DataError&) {
    return 0;
  }
  return 0;
}
