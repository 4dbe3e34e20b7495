#include "command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace intact::test {
namespace {

// Starts INTACT_PROGRAM with its standard output and error going to these descriptors.
pid_t start(const std::vector<std::string>& arguments, int output, int error) {
  std::vector<std::string> words{INTACT_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return child;
}

// All that was written to it; closes it.
std::string text_of(std::FILE* file) {
  std::rewind(file);
  std::string text;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  std::fclose(file);
  return text;
}

}  // namespace

CommandResult run_intact(const std::vector<std::string>& arguments) {
  std::FILE* const output = std::tmpfile();
  std::FILE* const error = std::tmpfile();
  if (output == nullptr || error == nullptr) throw std::runtime_error("no temporary file");
  const pid_t child = start(arguments, fileno(output), fileno(error));
  int status = 0;
  waitpid(child, &status, 0);
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.standard_output = text_of(output);
  result.output = result.standard_output + text_of(error);
  return result;
}

bool run_intact_and_kill(const std::vector<std::string>& arguments, int milliseconds) {
  const int nowhere = open("/dev/null", O_WRONLY);
  const pid_t child = start(arguments, nowhere, nowhere);
  close(nowhere);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  int status = 0;
  while (std::chrono::steady_clock::now() < end) {
    if (waitpid(child, &status, WNOHANG) == child) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return WIFEXITED(status);
}

}  // namespace intact::test
