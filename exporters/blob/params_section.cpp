#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"

namespace intact {

std::uint32_t ParamsBuilder::add_weights(std::span<const std::uint8_t> array) {
  const std::size_t offset = (bytes_.size() + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment;
  if (offset + array.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error("the network's weights take 2^32 bytes or more; a blob stays below");
  }
  bytes_.resize(offset, 0);
  bytes_.insert(bytes_.end(), array.begin(), array.end());
  return static_cast<std::uint32_t>(offset);
}

std::uint32_t ParamsBuilder::add_constants(std::span<const std::int32_t> array) {
  ByteWriter writer;
  for (const std::int32_t value : array) writer.i32(value);
  const std::vector<std::uint8_t> bytes = writer.take();
  const auto key = static_cast<std::uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes.data(), bytes.size()));
  const auto [first, last] = known_.equal_range(key);
  for (auto known = first; known != last; ++known) {
    const Place& place = known->second;
    if (place.bytes == bytes.size() &&
        std::equal(bytes.begin(), bytes.end(), bytes_.begin() + place.offset)) {
      return place.offset;
    }
  }
  const std::uint32_t offset = add_weights(bytes);
  known_.emplace(key, Place{offset, bytes.size()});
  return offset;
}

Section ParamsBuilder::take() {
  known_.clear();
  return {static_cast<std::uint16_t>(SectionType::kParams), kSectionRequired, 0, std::move(bytes_)};
}

}  // namespace intact
