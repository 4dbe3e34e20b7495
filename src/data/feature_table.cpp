#include "data/feature_table.h"

#include <charconv>

namespace intact {
namespace {

std::string number(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string field(const std::string& name) {
  if (name.find_first_of(",\"") == std::string::npos) return name;
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string feature_table(std::span<const InputFeature> features) {
  std::string text = "feature,min,max\n";
  for (const InputFeature& f : features)
    text += field(f.name) + "," + number(f.min) + "," + number(f.max) + "\n";
  return text;
}

}  // namespace intact
