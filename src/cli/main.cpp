// intact: train, calibrate, export, compare, inspect, profile, run.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.h"
#include "config/nearest.h"
#include "core/error.h"
#include "core/process.h"

namespace {

// Of a first word that is no verb CLI11 would say only that a verb is missing.
std::string unknown_verb(const CLI::App& app, const char* word) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) names.push_back(verb->get_name());
  if (std::find(names.begin(), names.end(), word) != names.end()) return "";
  const std::vector<std::string_view> valid(names.begin(), names.end());
  return std::string("there is no verb '") + word + "'; " + intact::nearest_hint(word, valid);
}

int report(const char* what, int code) {
  std::fprintf(stderr, "intact: error: %s\n", what);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  intact::bound_openmp_spinning(argv);
  intact::keep_freed_memory();
  CLI::App app{
      "Intact trains quantized neural networks and runs them on microcontrollers, bit for bit the same."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "intact " INTACT_VERSION);
  int exit_code = intact::kExitDone;
  intact::add_train(app, exit_code);
  intact::add_calibrate(app, exit_code);
  intact::add_export(app, exit_code);
  intact::add_compare(app, exit_code);
  intact::add_inspect(app, exit_code);
  intact::add_profile(app, exit_code);
  intact::add_run(app, exit_code);
  if (argc > 1 && argv[1][0] != '-') {
    if (const std::string error = unknown_verb(app, argv[1]); !error.empty())
      return report(error.c_str(), intact::kExitUsage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? intact::kExitDone : intact::kExitUsage;
  } catch (const intact::Error& e) {
    return report(e.what(), e.exit_code());
  } catch (const std::exception& e) {
    return report(e.what(), 3);
  }
  return exit_code;
}
