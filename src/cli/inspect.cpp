// intact inspect BLOB
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/exported_blob.h"
#include "cli/json_file.h"
#include "cli/verbs.h"
#include "exporters/inspect/inspect.h"

namespace intact {
namespace {

struct Options {
  std::string blob, json;
};

int run_inspect(const Options& o) {
  const std::vector<std::uint8_t> blob = read_blob_file(o.blob).bytes;
  std::fputs(inspect_text(blob).c_str(), text_output(o.json));
  write_json(o.json, inspect_json(blob));
  return kExitDone;
}

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("inspect", "Show what a blob holds: layers, bits, memory, accumulators");
  verb->add_option("blob", o->blob, "Blob file")->required();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_inspect(*o); });
}

}  // namespace intact
