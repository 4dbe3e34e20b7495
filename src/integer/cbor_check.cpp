#include "integer/cbor_check.h"

#include <string>
#include <vector>

#include "core/error.h"

namespace intact::cbor {
namespace {

enum Major : unsigned { kUnsigned = 0, kNegative = 1, kBytes = 2, kText = 3, kArray = 4, kSimple = 7 };

[[noreturn]] void refuse(std::size_t at, const std::string& what) {
  throw Error("integer graph: byte " + std::to_string(at) + ": " + what +
              "; the file is damaged or of another version");
}

class Walk {
 public:
  explicit Walk(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  void run() {
    item();
    while (!open_.empty()) {
      if (open_.back() == 0) {
        open_.pop_back();
      } else {
        --open_.back();
        item();
      }
    }
    if (at_ != bytes_.size()) refuse(at_, "bytes behind the end");
  }

 private:
  std::uint64_t left() const { return bytes_.size() - at_; }

  void item() {
    if (++elements_ > kMaxElements) refuse(at_, "more than " + std::to_string(kMaxElements) + " values");
    if (left() == 0) refuse(at_, "the file ends too early");
    const std::size_t start = at_;
    const unsigned major = bytes_[at_] >> 5;
    const unsigned info = bytes_[at_] & 31U;
    ++at_;
    if (major == kSimple) {
      if (info != 20 && info != 21) refuse(start, "a value that is no integer, boolean, string or array");
      return;
    }
    const std::uint64_t argument = read_argument(start, info);
    switch (major) {
      case kUnsigned:
      case kNegative:
        return;
      case kBytes:
      case kText:
        if (argument > left()) refuse(start, "a string longer than the file");
        at_ += static_cast<std::size_t>(argument);
        return;
      case kArray:
        if (argument > left())
          refuse(start, "an array longer than the file");  // an element takes a byte or more
        if (open_.size() == kMaxDepth) refuse(start, "arrays nested too deep");
        open_.push_back(argument);
        return;
      default:
        refuse(start, "a map or a tag");
    }
  }

  // The number in the head: in its low five bits, or in the 1, 2, 4 or 8 bytes that follow. Unknown lengths
  // (31) are refused.
  std::uint64_t read_argument(std::size_t start, unsigned info) {
    if (info < 24) return info;
    if (info > 27) refuse(start, "a length that is not stated");
    const std::size_t width = std::size_t{1} << (info - 24);
    if (width > left()) refuse(start, "the file ends too early");
    std::uint64_t argument = 0;
    for (std::size_t i = 0; i < width; ++i) argument = argument << 8 | bytes_[at_++];
    return argument;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  std::vector<std::uint64_t> open_;  // per open array: elements still to come
};

}  // namespace

void check(std::span<const std::uint8_t> bytes) {
  Walk(bytes).run();
}

}  // namespace intact::cbor
