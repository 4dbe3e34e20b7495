// What serialize_graph() writes first and parse_graph() expects.
#pragma once

namespace intact::cbor {

inline constexpr const char* kMagic = "intact-graph";
inline constexpr int kVersion = 1;

}  // namespace intact::cbor
