#include <png.h>

#include <string>

#include "data/data_error.h"
#include "data/decode_image.h"

namespace intact {
namespace {

// libpng's simplified reader; frees its state on every way out.
class PngReader {
 public:
  PngReader() { image_.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  png_image& image() { return image_; }

 private:
  png_image image_{};
};

}  // namespace

RgbImage decode_png(std::span<const std::uint8_t> bytes, const std::filesystem::path& name) {
  PngReader reader;
  png_image& png = reader.image();
  const auto fail = [&]() {
    throw DataError(name, std::string("cannot be decoded as PNG: ") + png.message,
                    "the file is damaged or cut; replace or remove it");
  };
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) fail();
  RgbImage image = make_image(png.height, png.width, name);
  png.format = PNG_FORMAT_RGB;
  const png_color black{0, 0, 0};
  if (png_image_finish_read(&png, &black, image.pixels.data(), 0, nullptr) == 0) fail();
  return image;
}

}  // namespace intact
