// intact profile RUN --core NAME [--json FILE]
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/exported_blob.h"
#include "cli/json_file.h"
#include "cli/profile/network_profile.h"
#include "cli/verbs.h"
#include "exporters/capture/capture.h"

namespace intact {
namespace {

struct Options {
  std::string run, core = "cortex-m4", json;
};

int run_profile(const Options& o) {
  const RunFolder folder{o.run};
  const ExportedBlob exported =
      exported_blob(folder, target_of_core(o.core), hash_graph(capture(folder.checkpoint()).graph));
  NetworkProfile profile = profile_network(parse_core(o.core), exported.bytes, exported.contents);
  profile.blob = exported.file.string();
  profile.target = exported.contents.target;
  std::fputs(to_text(profile).c_str(), text_output(o.json));
  write_json(o.json, to_json(profile));
  return kExitDone;
}

}  // namespace

void add_profile(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("profile", "Show what each layer costs on an emulated core");
  verb->add_option("run", o->run, "Run folder (exported first if it has no blob for the core)")->required();
  std::vector<std::string> names;
  for (const Core core : kAllCores) names.emplace_back(to_string(core));
  verb->add_option("--core", o->core, "Core, under QEMU")->check(CLI::IsMember(names))->capture_default_str();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_profile(*o); });
}

}  // namespace intact
