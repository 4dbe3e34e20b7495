#include "train/progress_line.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace intact {
namespace {

constexpr double kTerminalInterval = 0.2, kPlainInterval = 15.0;  // seconds

double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

}  // namespace

std::string format_duration(double seconds) {
  const auto s = static_cast<long>(std::ceil(seconds));
  char text[32];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%ldh%02ldm", s / 3600, s % 3600 / 60);
  } else if (s >= 60) {
    std::snprintf(text, sizeof text, "%ldm%02lds", s / 60, s % 60);
  } else {
    std::snprintf(text, sizeof text, "%lds", s);
  }
  return text;
}

ProgressLine::ProgressLine(std::string label, double total, std::string unit, double later)
    : label_(std::move(label)),
      total_(total),
      later_(later),
      unit_(std::move(unit)),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      shown_(start_) {}

ProgressLine::~ProgressLine() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::update(double done, const std::string& details) {
  if (first_ < 0) first_ = done;
  if (seconds_since(shown_) < (terminal_ ? kTerminalInterval : kPlainInterval)) return;
  shown_ = std::chrono::steady_clock::now();
  const double elapsed = seconds_since(start_), rate = (done - first_) / elapsed;
  const std::string left = rate > 0 ? format_duration((total_ - done + later_) / rate) : "?";
  std::fprintf(stderr, "%s%s  %3.0f %%  %.0f %s/s  %s  %s left%s", terminal_ ? "\r\033[K" : "",
               label_.c_str(), 100.0 * done / total_, rate, unit_.c_str(), details.c_str(), left.c_str(),
               terminal_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = terminal_;
}

}  // namespace intact
