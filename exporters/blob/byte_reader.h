// Little-endian fields at a position; the caller has checked that they lie inside.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace intact {

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t u8(std::size_t at) const { return bytes_[at]; }
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(u8(at) | (u8(at + 1) << 8)); }
  std::uint32_t u32(std::size_t at) const {
    return static_cast<std::uint32_t>(u16(at)) | (static_cast<std::uint32_t>(u16(at + 2)) << 16);
  }
  std::int32_t i32(std::size_t at) const { return static_cast<std::int32_t>(u32(at)); }
  std::uint64_t u64(std::size_t at) const {
    return u32(at) | (static_cast<std::uint64_t>(u32(at + 4)) << 32);
  }
  double f64(std::size_t at) const { return std::bit_cast<double>(u64(at)); }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace intact
