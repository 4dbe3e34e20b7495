// Numbers of docs/FORMAT.md that writer and reader share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace intact {

inline constexpr std::array<std::uint8_t, 4> kBlobMagic{'I', 'N', 'T', 'B'};
inline constexpr std::uint16_t kBlobMajor = 1;
inline constexpr std::uint16_t kBlobMinor = 1;  // of a blob without streams
inline constexpr std::uint16_t kBlobMinorStreams = 2;

inline constexpr std::size_t kBlobAlignment = 16;
inline constexpr std::size_t kHeaderBytes = 64;
inline constexpr std::size_t kSectionEntryBytes = 16;
inline constexpr std::size_t kTensorRecordBytes = 48;
inline constexpr std::size_t kNodeRecordBytes = 128;
inline constexpr std::size_t kKernelRecordBytes = 8;
inline constexpr std::size_t kStreamRecordBytes = 8;
inline constexpr std::size_t kMostInputs = 8;
inline constexpr std::size_t kMostRecords = 65535;
inline constexpr std::size_t kFewestGoldenVectors = 4;

// The CRC-32 of the header covers everything behind its own field.
inline constexpr std::size_t kCrcOffset = 12;
inline constexpr std::size_t kCrcStart = 16;
inline constexpr std::size_t kHashOffset = 32;
inline constexpr std::size_t kMacsOffset = 56;

enum class SectionType : std::uint16_t {
  kTensors = 1,
  kNodes = 2,
  kParams = 3,
  kNames = 4,
  kGolden = 5,
  kMeta = 6,
  kKernels = 7,
  kStreams = 8
};

inline constexpr std::uint32_t kFeatureStreams = 1;
inline constexpr std::uint16_t kSectionRequired = 1;
inline constexpr std::uint16_t kNodeHasResidual = 1;

// Name in FORMAT.md; "unknown" for a type that this version does not define.
constexpr std::string_view section_name(std::uint16_t type) {
  constexpr std::array<std::string_view, 9> kNames{"unknown", "TENSORS", "NODES",   "PARAMS", "NAMES",
                                                   "GOLDEN",  "META",    "KERNELS", "STREAMS"};
  return type < kNames.size() ? kNames.at(type) : kNames[0];
}

}  // namespace intact
