// A program that runs beside this one in a folder of its own; it is killed when the object or this process
// ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace intact {

class ChildProcess {
 public:
  // arguments[0] is looked up in PATH. Standard output and error go to `console`. Throws Error where it
  // cannot be started.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
               const std::filesystem::path& console);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Exit status once it has ended (128 + signal where a signal ended it).
  std::optional<int> poll();
  // The same, waiting up to `seconds`.
  std::optional<int> wait(double seconds);
  void kill();

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

// Full path of a program in PATH, or an empty string.
std::string find_in_path(const std::string& program);

}  // namespace intact
