#include "integer/verify_report.h"

#include "core/error.h"

namespace intact::verifier {

void refuse(const std::string& place, std::string_view rule, const std::string& detail) {
  throw Error(place + ": [" + std::string(rule) + "] " + detail);
}

std::string describe(const Shape& shape) {
  return std::to_string(shape.h) + "x" + std::to_string(shape.w) + "x" + std::to_string(shape.c);
}

std::string describe(const Grid& grid) {
  return std::string(to_string(grid.kind)) + " " + std::to_string(grid.bits) + " bits " +
         std::to_string(grid.qmin) + " .. " + std::to_string(grid.qmax) + ", z " + std::to_string(grid.z);
}

}  // namespace intact::verifier
