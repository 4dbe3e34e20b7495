// --json FILE: a verb's result for machines.
#pragma once

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace intact {

// Writes atomically; "-" prints to standard output; an empty name does nothing.
void write_json(const std::string& file, const nlohmann::ordered_json& value);

// Where a verb's text for people goes: standard output, but standard error while `file` is "-".
std::FILE* text_output(const std::string& file);

}  // namespace intact
