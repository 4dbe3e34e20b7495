// A cache file: kMagic, the key, the bytes, and the hash of all before it.
#include "data/image_cache.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include "core/atomic_file.h"
#include "core/error.h"

namespace intact {
namespace {

namespace fs = std::filesystem;
using Digest = std::array<std::uint8_t, 16>;

constexpr std::string_view kMagic = "intact-images-1\n";
constexpr std::size_t kHead = kMagic.size() + sizeof(Digest);

Digest digest(const void* bytes, std::size_t size) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, size));
  Digest result{};
  static_assert(sizeof canonical.digest == sizeof result);
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), result.begin());
  return result;
}

std::string hex(const Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// Names are written with their length, so that no two lists give one text.
std::string describe(const fs::path& data, const ImageList& list, int height, int width, int channels) {
  std::string text(kMagic);
  const auto number = [&](auto value) { text += std::to_string(value) + ' '; };
  const auto name = [&](const std::string& value) {
    number(value.size());
    text += value;
  };
  number(height);
  number(width);
  number(channels);
  std::error_code code;
  const fs::path real = fs::canonical(data, code);
  name((code ? data : real).string());
  for (const std::vector<ImageFile>* split : {&list.train, &list.test}) {
    number(split->size());
    for (const ImageFile& image : *split) {
      number(image.bytes);
      number(image.modified);
      name(image.path.parent_path().filename().string());
      name(image.path.filename().string());
    }
  }
  return text;
}

}  // namespace

std::optional<fs::path> cache_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return fs::path(value == nullptr ? "" : value);
  };
  if (const fs::path xdg = variable("XDG_CACHE_HOME"); xdg.is_absolute()) return xdg / "intact";
  if (const fs::path home = variable("HOME"); home.is_absolute()) return home / ".cache" / "intact";
  return std::nullopt;
}

ImageCache::ImageCache(const fs::path& cache, const fs::path& data, const ImageList& list, int height,
                       int width, int channels) {
  const std::string text = describe(data, list, height, width, channels);
  key_ = digest(text.data(), text.size());
  file_ = cache / ("images-" + hex(key_));
}

std::optional<std::vector<std::uint8_t>> ImageCache::read(std::size_t count) const {
  std::error_code code;
  const std::size_t size = kHead + count + sizeof(Digest);
  if (!fs::is_regular_file(file_, code) || fs::file_size(file_, code) != size || code) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  try {
    bytes = read_file(file_, size);
  } catch (const Error&) {
    return std::nullopt;  // gone or replaced just now, or not readable: decode again
  }
  if (bytes.size() != size) return std::nullopt;
  const Digest sum = digest(bytes.data(), kHead + count);
  const bool whole = std::equal(kMagic.begin(), kMagic.end(), bytes.begin()) &&
                     std::equal(key_.begin(), key_.end(), bytes.begin() + kMagic.size()) &&
                     std::equal(sum.begin(), sum.end(), bytes.end() - sizeof(Digest));
  if (!whole) return std::nullopt;
  bytes.resize(kHead + count);
  bytes.erase(bytes.begin(), bytes.begin() + kHead);
  return bytes;
}

void ImageCache::write(std::span<const std::uint8_t> bytes) const {
  std::error_code code;
  fs::create_directories(file_.parent_path(), code);
  if (code) throw Error(file_.parent_path().string() + ": cannot be created: " + code.message());
  std::vector<std::uint8_t> content;
  content.reserve(kHead + bytes.size() + sizeof(Digest));
  content.insert(content.end(), kMagic.begin(), kMagic.end());
  content.insert(content.end(), key_.begin(), key_.end());
  content.insert(content.end(), bytes.begin(), bytes.end());
  const Digest sum = digest(content.data(), content.size());
  content.insert(content.end(), sum.begin(), sum.end());
  atomic_write_file(file_, content);
}

}  // namespace intact
