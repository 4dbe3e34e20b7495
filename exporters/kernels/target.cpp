#include "exporters/kernels/target.h"

#include <string>

#include "core/error.h"

namespace intact {

std::string_view to_string(Target target) {
  switch (target) {
    case Target::kCortexM4:
      return "cortex-m4";
    case Target::kCortexM55:
      return "cortex-m55";
    case Target::kCortexM0:
      return "cortex-m0";
    case Target::kCortexM3:
      return "cortex-m3";
    case Target::kRv32:
      return "rv32";
    case Target::kGeneric:
      break;
  }
  return "generic";
}

Target parse_target(std::string_view name) {
  std::string names;
  for (const Target target : kAllTargets) {
    if (name == to_string(target)) return target;
    names += (names.empty() ? "" : ", ") + std::string(to_string(target));
  }
  throw Error("no target is called '" + std::string(name) + "'; there are " + names);
}

Target target_of_core(std::string_view core) {
  if (core == "cortex-m7" || core == "cortex-m33") return Target::kCortexM4;
  return parse_target(core);
}

}  // namespace intact
