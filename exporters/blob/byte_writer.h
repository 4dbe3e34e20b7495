// Appends little-endian fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace intact {

class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
  void u64(std::uint64_t value);
  void f64(double value);
  void bytes(std::span<const std::uint8_t> values);
  void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count, 0); }
  void align(std::size_t alignment) { zeros((alignment - bytes_.size() % alignment) % alignment); }

  std::size_t size() const { return bytes_.size(); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace intact
