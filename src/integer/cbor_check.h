// A walk over CBOR bytes (RFC 8949) without recursion or building anything, to run before a reader that does
// both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace intact::cbor {

// Throws Error unless the bytes are one data item, nested at most kMaxDepth deep, of at most kMaxElements
// values, and use only what serialize_graph() writes: integers, booleans, and arrays, text and byte strings
// of stated length.
void check(std::span<const std::uint8_t> bytes);

inline constexpr std::size_t kMaxElements = std::size_t{1} << 24;  // a byte string counts once
inline constexpr std::size_t kMaxDepth = 8;                        // a graph has 5 levels

}  // namespace intact::cbor
