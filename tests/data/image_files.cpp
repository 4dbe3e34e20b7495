#include "image_files.h"

#include <cstdio>
#include <cstdlib>

// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

namespace intact::test {
namespace {

void append_u32(Bytes& bytes, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

Bytes png(int height, int width, int channels, const Bytes& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = static_cast<png_uint_32>(height);
  image.width = static_cast<png_uint_32>(width);
  image.format = channels == 1 ? PNG_FORMAT_GRAY : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  Bytes bytes(size);
  EXPECT_NE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr), 0)
      << image.message;
  bytes.resize(size);
  return bytes;
}

Bytes jpeg(int height, int width, int channels, const Bytes& pixels, bool progressive) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_height = static_cast<JDIMENSION>(height);
  info.image_width = static_cast<JDIMENSION>(width);
  info.input_components = channels;
  info.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  Bytes copy = pixels;
  for (int y = 0; y < height; ++y) {
    JSAMPROW row = copy.data() + static_cast<std::ptrdiff_t>(y) * width * channels;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

Bytes png_header(std::uint32_t height, std::uint32_t width) {
  Bytes chunk{'I', 'H', 'D', 'R'};
  append_u32(chunk, width);
  append_u32(chunk, height);
  chunk.insert(chunk.end(), {8, 2, 0, 0, 0});
  Bytes bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13};
  for (const std::uint8_t byte : chunk) bytes.push_back(byte);
  append_u32(bytes, static_cast<std::uint32_t>(crc32(0, chunk.data(), static_cast<uInt>(chunk.size()))));
  Bytes empty_data{'I', 'D', 'A', 'T'};
  append_u32(bytes, 0);
  for (const std::uint8_t byte : empty_data) bytes.push_back(byte);
  append_u32(bytes, static_cast<std::uint32_t>(crc32(0, empty_data.data(), 4)));
  return bytes;
}

Bytes flat(int height, int width, const Bytes& pixel) {
  Bytes pixels;
  for (int i = 0; i < height * width; ++i) pixels.insert(pixels.end(), pixel.begin(), pixel.end());
  return pixels;
}

}  // namespace intact::test
