// What a blob holds and costs, for people and for machines.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

namespace intact {

// Both take hostile bytes and throw Error as read_blob() does. The text's lines have at most 110 columns.
std::string inspect_text(std::span<const std::uint8_t> blob);
nlohmann::ordered_json inspect_json(std::span<const std::uint8_t> blob);

}  // namespace intact
