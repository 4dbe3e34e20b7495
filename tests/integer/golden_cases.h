// Reads golden/requantize.json (made by golden/generate_requantize.py from exact rationals).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "integer/int_state.h"

namespace intact::test {

// The cases under `key`: "conv", "logits", "add" or "avg_pool".
std::vector<nlohmann::json> golden_cases(const std::string& key);

double hex_double(const nlohmann::json& value);
std::vector<double> hex_doubles(const nlohmann::json& list);
Grid golden_grid(const nlohmann::json& value);
Requantization golden_requantization(const nlohmann::json& value);

// All rows one after another.
std::vector<std::int8_t> golden_weights(const nlohmann::json& rows);

}  // namespace intact::test
