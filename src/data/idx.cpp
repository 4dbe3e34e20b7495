#include "data/idx.h"

#include <cstdio>
#include <string>

#include "data/byte_source.h"
#include "data/data_error.h"

namespace intact {
namespace {

constexpr std::uint8_t kUint8 = 0x08;
constexpr std::uint32_t kMaxSamples = 1U << 24;
constexpr std::uint32_t kMaxSide = 4096;
constexpr std::uint32_t kMaxChannels = 1024;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 32;

enum class Content { kImages, kLabels };

const char* plural(Content content) {
  return content == Content::kImages ? "images" : "labels";
}

bool is_known_type(std::uint8_t type) {
  return (type >= 0x08 && type <= 0x09) || (type >= 0x0B && type <= 0x0E);
}

std::string hex32(const std::vector<std::uint8_t>& bytes) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
  return text;
}

// Checks the magic number and gives the number of dimensions.
int read_magic(ByteSource& source, Content content) {
  const auto magic = source.read(4);
  if (magic.empty()) throw DataError(source.file(), "the file is empty");
  if (magic.size() < 4) throw DataError(source.file(), "truncated: the header needs at least 8 bytes");
  if (magic[0] != 0 || magic[1] != 0 || !is_known_type(magic[2])) {
    throw DataError(source.file(), "wrong magic number " + hex32(magic) + ": not an IDX file");
  }
  if (magic[2] != kUint8) {
    throw DataError(source.file(), "wrong type code " + std::to_string(magic[2]) + " in the magic number " +
                                       hex32(magic) + ": only unsigned bytes (8) are read");
  }
  const int dims = magic[3];
  const bool holds_labels = dims == 1;
  const bool holds_images = dims == 3 || dims == 4;
  if (content == Content::kImages && holds_labels) {
    throw DataError(source.file(), "labels file where images are expected; are the two swapped?");
  }
  if (content == Content::kLabels && holds_images) {
    throw DataError(source.file(), "images file where labels are expected; are the two swapped?");
  }
  if (!holds_labels && !holds_images) {
    throw DataError(source.file(), "wrong magic number " + hex32(magic) + ": " + std::to_string(dims) +
                                       " dimensions where " + plural(content) + " have " +
                                       (content == Content::kImages ? "3 or 4" : "1"));
  }
  return dims;
}

std::uint32_t read_u32(ByteSource& source, const char* what) {
  const auto b = source.read(4);
  if (b.size() < 4)
    throw DataError(source.file(), std::string("truncated: the header ends before the ") + what);
  return (std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[2]} << 8) | b[3];
}

std::uint32_t read_dimension(ByteSource& source, const char* what, std::uint32_t limit) {
  const std::uint32_t value = read_u32(source, what);
  if (value == 0 || value > limit) {
    throw DataError(source.file(), std::string("absurd ") + what + " " + std::to_string(value) +
                                       " in the header: must be 1 to " + std::to_string(limit));
  }
  return value;
}

std::uint32_t read_samples(ByteSource& source, Content content) {
  const std::uint32_t samples = read_u32(source, "number of samples");
  if (samples == 0) throw DataError(source.file(), std::string("holds zero ") + plural(content));
  if (samples > kMaxSamples) {
    throw DataError(source.file(), "absurd number of samples " + std::to_string(samples) +
                                       " in the header: must be 1 to " + std::to_string(kMaxSamples));
  }
  return samples;
}

std::vector<std::uint8_t> read_body(ByteSource& source, std::uint64_t count) {
  auto bytes = source.read(static_cast<std::size_t>(count));
  if (bytes.size() < count) {
    throw DataError(source.file(),
                    "truncated: the header promises " + std::to_string(count) + " bytes, the file has " +
                        std::to_string(bytes.size()),
                    "fetch the file again");
  }
  if (!source.read(1).empty()) {
    throw DataError(source.file(),
                    "trailing bytes behind the " + std::to_string(count) + " that the header promises");
  }
  return bytes;
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& file) {
  ByteSource source(file);
  const int dims = read_magic(source, Content::kImages);
  const std::uint64_t samples = read_samples(source, Content::kImages);
  const std::uint32_t height = read_dimension(source, "height", kMaxSide);
  const std::uint32_t width = read_dimension(source, "width", kMaxSide);
  const std::uint32_t channels = dims == 4 ? read_dimension(source, "number of channels", kMaxChannels) : 1;
  const std::uint64_t image = std::uint64_t{height} * width * channels;
  if (samples > kMaxBytes / image) {
    throw DataError(file, "absurd size: " + std::to_string(samples) + " images of " + std::to_string(image) +
                              " bytes are more than " + std::to_string(kMaxBytes));
  }
  IdxImages images;
  images.height = static_cast<int>(height);
  images.width = static_cast<int>(width);
  images.channels = static_cast<int>(channels);
  images.bytes = read_body(source, samples * image);
  return images;
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& file) {
  ByteSource source(file);
  read_magic(source, Content::kLabels);
  const std::uint64_t samples = read_samples(source, Content::kLabels);
  return read_body(source, samples);
}

}  // namespace intact
