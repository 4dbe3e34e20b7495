// The verbs of the command line. Each registers its options with CLI11 and returns what runs it; the result
// is the exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace intact {

// Exit codes (README): 0 done; 1 compare found a difference; 2 faulty command line or config; 3 any other
// error; 130 interrupted.
inline constexpr int kExitDone = 0;
inline constexpr int kExitDifferent = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInterrupted = 130;

void add_train(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_calibrate(CLI::App& app, int& exit_code);
void add_compare(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_profile(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);

}  // namespace intact
