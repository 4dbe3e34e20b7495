// --json FILE: a verb's result for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace intact {

// Writes atomically; "-" prints to standard output; an empty name does nothing.
void write_json(const std::string& file, const nlohmann::ordered_json& value);

}  // namespace intact
