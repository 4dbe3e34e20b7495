#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace intact {

double learning_rate(const ScheduleConfig& schedule, double base, std::int64_t step, std::int64_t steps,
                     std::int64_t steps_per_epoch) {
  const auto warmup = static_cast<std::int64_t>(std::llround(schedule.warmup * static_cast<double>(steps)));
  if (step < warmup) return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      break;
    case ScheduleKind::kStep: {
      const std::int64_t drops = step / std::max<std::int64_t>(1, steps_per_epoch) / schedule.step_epochs;
      return base * std::pow(schedule.step_factor, static_cast<double>(drops));
    }
    case ScheduleKind::kCosine: {
      const std::int64_t span = std::max<std::int64_t>(1, steps - warmup);
      const double phase = static_cast<double>(step - warmup) / static_cast<double>(span);
      const double low = base * schedule.final_factor;
      return low + (base - low) * 0.5 * (1.0 + std::cos(std::numbers::pi * phase));
    }
  }
  return base;
}

}  // namespace intact
