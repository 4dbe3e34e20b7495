// Errors on the host. The runtime (C) has its own closed enum.
#pragma once

#include <stdexcept>
#include <string>

namespace intact {

// Something the user can mend: what is wrong, where, what to do. The command line prints it and exits with
// exit_code().
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  virtual int exit_code() const { return 3; }  // 2 for a faulty command line or config
};

}  // namespace intact
