// libFuzzer target: any bytes are an image that resizes, or a DataError. A first byte chooses JPEG or PNG, so
// that the fuzzer need not find the files' first bytes. Build: -DINTACT_FUZZ=ON with clang. Run: fuzz_image
// -max_len=4096 CORPUS
#include <cstdint>
#include <cstdlib>
#include <span>

#include "data/data_error.h"
#include "data/decode_image.h"
#include "data/resize.h"

namespace {

constexpr std::size_t kMostPixels = 1U << 20;  // larger ones take too long for a fuzzer

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> bytes(data + 1, size - 1);
  try {
    const intact::RgbImage image =
        (data[0] & 1) != 0 ? intact::decode_jpeg(bytes, "fuzz") : intact::decode_png(bytes, "fuzz");
    const auto pixels = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
    if (pixels == 0 || image.pixels.size() != 3 * pixels) std::abort();
    if (pixels <= kMostPixels &&
        intact::resize_image(image, 7, 5, 1 + (data[0] & 2)).size() != 35U * (1 + (data[0] & 2)))
      std::abort();
  } catch (const intact::DataError&) {
    return 0;
  }
  return 0;
}
