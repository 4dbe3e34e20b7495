#include "data/npy.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "data/data_error.h"

namespace intact {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeader = 65536;
constexpr std::size_t kMaxData = std::size_t{1} << 30;
constexpr std::size_t kMaxDimensions = 8;

struct Header {
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::size_t>> shape;
};

// The header is a Python dictionary literal: {'descr': '|u1', 'fortran_order': False, 'shape': (28, 28), }
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::filesystem::path& name) : rest_(text), name_(name) {}

  Header parse() {
    Header header;
    expect('{');
    while (!accept('}')) {
      entry(header);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty()) fail("text behind the dictionary");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw DataError(name_, "faulty .npy header: " + why);
  }

  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }

  bool accept(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(std::string("expected '") + c + "'");
  }

  std::string quoted() {
    skip_space();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) fail("expected a quoted string");
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) fail("a quoted string has no end");
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (rest_.substr(0, word.size()) == word) {
        rest_.remove_prefix(word.size());
        return value;
      }
    }
    fail("expected True or False");
  }

  std::size_t number() {
    skip_space();
    std::size_t value = 0, digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
      value = value * 10 + static_cast<std::size_t>(rest_[digits] - '0');
      if (value > kMaxData) fail("a dimension is larger than " + std::to_string(kMaxData));
      ++digits;
    }
    if (digits == 0) fail("expected a number");
    rest_.remove_prefix(digits);
    return value;
  }

  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> values;
    expect('(');
    while (!accept(')')) {
      if (values.size() == kMaxDimensions)
        fail("more than " + std::to_string(kMaxDimensions) + " dimensions");
      values.push_back(number());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  void entry(Header& header) {
    const std::string key = quoted();
    expect(':');
    if (key == "descr" && !header.descr) {
      skip_space();
      if (!rest_.empty() && rest_.front() == '[')
        fail("structured arrays are not read; give a plain uint8 array");
      header.descr = quoted();
    } else if (key == "fortran_order" && !header.fortran_order) {
      header.fortran_order = boolean();
    } else if (key == "shape" && !header.shape) {
      header.shape = tuple();
    } else {
      fail("unexpected key '" + key + "'");
    }
  }

  std::string_view rest_;
  const std::filesystem::path& name_;
};

std::size_t little_endian(std::span<const std::uint8_t> bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | bytes[i];
  return value;
}

// Product of the shape; checked before anything of that size is allocated.
std::size_t element_count(const std::vector<std::size_t>& shape, const std::filesystem::path& name) {
  if (shape.empty()) throw DataError(name, "holds a single number, not an array of images");
  std::size_t count = 1;
  for (const std::size_t dimension : shape) {
    if (dimension == 0) throw DataError(name, "a dimension of the array is 0");
    if (count > kMaxData / dimension) {
      throw DataError(name, "the array has more than " + std::to_string(kMaxData) + " elements");
    }
    count *= dimension;
  }
  return count;
}

}  // namespace

NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::filesystem::path& name) {
  if (bytes.size() < kMagic.size() + 2 ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                  [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; })) {
    throw DataError(name, "not a .npy file: the magic bytes are missing", "write it with numpy.save");
  }
  const int major = bytes[6];
  if (major < 1 || major > 3) throw DataError(name, "unknown .npy version " + std::to_string(major));
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  auto rest = bytes.subspan(8);
  if (rest.size() < length_bytes) throw DataError(name, "truncated: the header is cut");
  const std::size_t length = little_endian(rest.first(length_bytes));
  rest = rest.subspan(length_bytes);
  if (length > kMaxHeader) throw DataError(name, "the header claims " + std::to_string(length) + " bytes");
  if (rest.size() < length) throw DataError(name, "truncated: the header is cut");

  const std::string text(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
  const Header header = HeaderParser(text, name).parse();
  rest = rest.subspan(length);
  if (!header.descr || !header.fortran_order || !header.shape) {
    throw DataError(name, "faulty .npy header: descr, fortran_order and shape are needed");
  }
  if (*header.descr != "|u1" && *header.descr != "u1" && *header.descr != "<u1") {
    throw DataError(name, "element type '" + *header.descr + "' where uint8 ('|u1') is needed",
                    "convert with array.astype(numpy.uint8)");
  }
  if (*header.fortran_order) {
    throw DataError(name, "the array is in Fortran order", "save numpy.ascontiguousarray(array)");
  }
  NpyArray array{*header.shape, {}};
  const std::size_t count = element_count(array.shape, name);
  if (rest.size() != count) {
    const char* what = rest.size() < count ? "truncated: " : "trailing bytes: ";
    throw DataError(name, what + ("the shape needs " + std::to_string(count) + " bytes, the file has ") +
                              std::to_string(rest.size()));
  }
  array.data.assign(rest.begin(), rest.end());
  return array;
}

NpyArray read_npy(const std::filesystem::path& file) {
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) throw DataError(file, "no such file");
  if (status.type() == std::filesystem::file_type::directory)
    throw DataError(file, "is a folder, not a file");
  const auto size = std::filesystem::file_size(file, code);
  if (code) throw DataError(file, "cannot be read: " + code.message());
  if (size > kMaxData + kMaxHeader + 12)
    throw DataError(file, "is larger than " + std::to_string(kMaxData) + " bytes");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) throw DataError(file, "cannot be read");
  return parse_npy(bytes, file);
}

}  // namespace intact
