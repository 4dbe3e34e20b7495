// libFuzzer target: any text is a config or a ConfigError, and a config survives being written and read
// again. Build: -DINTACT_FUZZ=ON with clang. Run: fuzz_config -max_len=8192 CORPUS configs
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const intact::ExperimentConfig config = intact::parse_config(text, "fuzz");
    try {
      if (!(intact::parse_config(intact::dump_config(config), "dumped") == config)) std::abort();
    } catch (const intact::ConfigError&) {
      std::abort();
    }
  } catch (const intact::ConfigError&) {
    return 0;
  }
  return 0;
}
