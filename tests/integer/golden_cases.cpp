#include "tests/integer/golden_cases.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace intact::test {

std::vector<nlohmann::json> golden_cases(const std::string& key) {
  std::ifstream file(INTACT_SOURCE_DIR "/tests/integer/golden/requantize.json");
  const nlohmann::json all = nlohmann::json::parse(file);
  return all.at(key).get<std::vector<nlohmann::json>>();
}

double hex_double(const nlohmann::json& value) {
  const auto text = value.get<std::string>();
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size()) throw std::runtime_error("not a hex float: " + text);
  return number;
}

std::vector<double> hex_doubles(const nlohmann::json& list) {
  std::vector<double> numbers;
  for (const auto& value : list) numbers.push_back(hex_double(value));
  return numbers;
}

Grid golden_grid(const nlohmann::json& value) {
  const auto kind = value.at("kind").get<std::string>();
  Grid grid;
  grid.kind = kind == "unsigned" ? GridKind::kUnsigned
              : kind == "signed" ? GridKind::kSigned
                                 : GridKind::kBipolar;
  grid.bits = value.at("bits").get<int>();
  grid.qmin = value.at("qmin").get<std::int32_t>();
  grid.qmax = value.at("qmax").get<std::int32_t>();
  grid.z = value.at("z").get<std::int32_t>();
  return grid;
}

Requantization golden_requantization(const nlohmann::json& value) {
  Requantization q;
  q.k = value.at("k").get<int>();
  q.r = value.at("r").get<int>();
  q.m = value.at("m").get<std::vector<std::int32_t>>();
  q.b = value.at("b").get<std::vector<std::int32_t>>();
  q.m_res = value.at("m_res").get<std::int32_t>();
  q.bound = value.at("bound").get<std::int64_t>();
  return q;
}

std::vector<std::int8_t> golden_weights(const nlohmann::json& rows) {
  std::vector<std::int8_t> weights;
  for (const auto& row : rows) {
    for (const auto& w : row) weights.push_back(w.get<std::int8_t>());
  }
  return weights;
}

}  // namespace intact::test
