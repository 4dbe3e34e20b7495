// Progress for people: on a terminal one line that is rewritten, elsewhere a plain line every so many
// seconds.
#pragma once

#include <chrono>
#include <string>

namespace intact {

class ProgressLine {
 public:
  // label: what is going on ("qat 2/4"). total: units of work; unit: their name ("img"). later: units that
  // follow in other lines; the time left is that of all.
  ProgressLine(std::string label, double total, std::string unit, double later = 0);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // done: units so far; the rate counts from the first call's; details: further text (loss, accuracy).
  void update(double done, const std::string& details);

 private:
  std::string label_;
  double total_, later_;
  std::string unit_;
  bool terminal_;
  bool drawn_ = false;
  double first_ = -1;
  std::chrono::steady_clock::time_point start_, shown_;
};

// 75 -> "1m15s".
std::string format_duration(double seconds);

}  // namespace intact
