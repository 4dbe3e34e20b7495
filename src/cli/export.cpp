// intact export RUN [--out FILE]
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/export_run.h"
#include "cli/json_file.h"
#include "cli/verbs.h"
#include "config/load.h"

namespace intact {
namespace {

struct Options {
  std::string run, out, json;
};

int run_export(const Options& o) {
  const RunFolder folder{o.run};
  const ExportResult result =
      export_run(folder, o.out.empty() ? folder.blob() : std::filesystem::path(o.out));
  std::printf("%s: %zu bytes of flash, %u bytes of arena, %lld MACs, %d golden vectors, integers %s\n",
              result.blob.c_str(), result.flash_bytes, result.arena_bytes,
              static_cast<long long>(result.macs), result.golden_vectors, to_hex(result.hash).c_str());
  std::printf("%s, %s: the same as a C array\n", result.source.c_str(), result.header.c_str());
  nlohmann::ordered_json json{{"blob", result.blob.string()},
                              {"c_source", result.source.string()},
                              {"c_header", result.header.string()},
                              {"flash_bytes", result.flash_bytes},
                              {"arena_bytes", result.arena_bytes},
                              {"macs", result.macs},
                              {"golden_vectors", result.golden_vectors},
                              {"integers", to_hex(result.hash)}};
  write_json(o.json, json);
  return kExitDone;
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("export", "Lower a trained run to a blob and a C array");
  verb->add_option("run", o->run, "Run folder")->required();
  verb->add_option("--out", o->out,
                   "Blob file; default: RUN/model.blob. The C array is written beside it (.c, .h)");
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_export(*o); });
}

}  // namespace intact
