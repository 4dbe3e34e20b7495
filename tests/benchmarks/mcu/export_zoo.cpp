// export_zoo CORE FOLDER: FOLDER/NETWORK_wWaA/model.{blob,c,h} for each network of the zoo at 8, 4, 2 and 1
// bits, with random weights, exported for the core.
#include <cstdio>
#include <filesystem>
#include <string>

#include "config/zoo.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/c/c_array.h"
#include "exporters/passes/pass.h"
#include "mcu/network_graph.h"

namespace intact::benchmarks {
namespace {

void export_network(std::string_view name, int bits, Target target, const std::filesystem::path& folder) {
  LowerOptions options;
  options.target = target;
  const std::vector<std::uint8_t> blob = write_blob(lower(network_graph(name, bits, bits, 1), options), {});
  const CArray source = blob_to_c(blob, "model", "model.h", CFormat::kWithKernels);
  std::filesystem::create_directories(folder);
  atomic_write_file(folder / "model.blob", blob);
  atomic_write_file(folder / "model.c", source.source);
  atomic_write_file(folder / "model.h", source.header);
}

}  // namespace
}  // namespace intact::benchmarks

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: export_zoo CORE FOLDER\n");
    return 2;
  }
  try {
    const intact::Target target = intact::target_of_core(argv[1]);
    for (const std::string_view name : intact::zoo_names()) {
      for (const int bits : {8, 4, 2, 1}) {
        const std::string folder =
            std::string(name) + "_w" + std::to_string(bits) + "a" + std::to_string(bits);
        intact::benchmarks::export_network(name, bits, target, std::filesystem::path(argv[2]) / folder);
      }
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
