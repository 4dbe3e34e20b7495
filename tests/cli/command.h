// Runs the built command line as a user would.
#pragma once

#include <string>
#include <vector>

namespace intact::test {

struct CommandResult {
  int exit_code = 0;   // 128 + signal if it was killed
  std::string output;  // standard output and error, one behind the other
  std::string standard_output;
};

CommandResult run_intact(const std::vector<std::string>& arguments);

// Starts it and kills it with SIGKILL after so many milliseconds, unless it ended before; returns whether it
// ended by itself.
bool run_intact_and_kill(const std::vector<std::string>& arguments, int milliseconds);

}  // namespace intact::test
