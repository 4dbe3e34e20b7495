#include "firmware/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "core/error.h"

namespace intact {
namespace {

// In the child between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(char* const* arguments, const char* folder, const char* console, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(console, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int in = open("/dev/null", O_RDONLY);
  if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 || chdir(folder) != 0)
    _exit(126);
  if (getppid() != parent) _exit(126);  // the parent ended before prctl
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

std::string find_in_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return access(program.c_str(), X_OK) == 0 ? program : "";
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string candidate = (folder.empty() ? "." : folder) + "/" + program;
    if (access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate)) return candidate;
  }
  return "";
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                           const std::filesystem::path& console) {
  std::vector<std::string> copies = arguments;
  copies[0] = find_in_path(arguments[0]);
  if (copies[0].empty()) throw Error("cannot find the program " + arguments[0] + " in PATH");
  copies[0] = std::filesystem::absolute(copies[0]).string();
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& a : copies) pointers.push_back(a.data());
  pointers.push_back(nullptr);
  const pid_t self = getpid();
  pid_ = fork();
  if (pid_ < 0) throw Error("cannot start " + arguments[0] + ": too many processes");
  if (pid_ == 0) become(pointers.data(), folder.c_str(), console.c_str(), self);
}

ChildProcess::~ChildProcess() {
  kill();
}

std::optional<int> ChildProcess::poll() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

std::optional<int> ChildProcess::wait(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!poll() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return status_;
}

void ChildProcess::kill() {
  if (poll()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  status_ = 128 + SIGKILL;
}

}  // namespace intact
