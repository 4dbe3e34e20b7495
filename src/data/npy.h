// NumPy's .npy files, unsigned bytes only: inputs for `intact run`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace intact {

struct NpyArray {
  std::vector<std::size_t> shape;  // 1 to 8 dimensions, each at least 1
  std::vector<std::uint8_t> data;  // row-major (C order)
};

// Versions 1 to 3 of the format, type uint8, C order, up to 2^30 bytes of data. Throws DataError for
// everything else.
NpyArray read_npy(const std::filesystem::path& file);

// The same from memory; `name` stands for the file in errors.
NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::filesystem::path& name);

}  // namespace intact
