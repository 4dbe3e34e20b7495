// intact: train, calibrate, export, compare, inspect, profile, run.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/verbs.h"
#include "core/error.h"
#include "core/process.h"

namespace {

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
