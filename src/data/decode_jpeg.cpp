// libjpeg reports faults by a call that must not return: it jumps back to the setjmp of the step in progress.
// No object with a destructor lives in a frame that is jumped over.
#include <csetjmp>
#include <cstdio>

// jpeglib.h needs FILE and size_t declared before it.
#include <jerror.h>
#include <jpeglib.h>

#include "data/data_error.h"
#include "data/decode_image.h"

namespace intact {
namespace {

constexpr int kMostScans = 500;  // of a progressive file; each costs a pass over the whole image

struct Errors {
  jpeg_error_mgr base;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void stop(j_common_ptr info) {
  auto* errors = reinterpret_cast<Errors*>(info->err);
  info->err->format_message(info, errors->message);
  std::longjmp(errors->jump, 1);
}

// Warnings that mean that pixels are missing or invented; libjpeg would go on with grey.
void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
      stop(info);
    default:
      return;
  }
}

void count_scans(j_common_ptr info) {
  const auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
  if (decompress->input_scan_number <= kMostScans) return;
  auto* errors = reinterpret_cast<Errors*>(info->err);
  std::snprintf(errors->message, sizeof errors->message, "more than %d scans", kMostScans);
  std::longjmp(errors->jump, 1);
}

class Decoder {
 public:
  Decoder() {
    info_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = stop;
    errors_.base.emit_message = warn;
    errors_.message[0] = '\0';
  }
  ~Decoder() {
    if (created_) jpeg_destroy_decompress(&info_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // False: message() says why.
  bool read_header(const unsigned char* bytes, unsigned long size) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_decompress(&info_);
    created_ = true;
    progress_.progress_monitor = count_scans;
    info_.progress = &progress_;
    jpeg_mem_src(&info_, bytes, size);
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool read_pixels(unsigned char* to) {
    if (setjmp(errors_.jump) != 0) return false;
    info_.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = to + static_cast<std::size_t>(info_.output_scanline) * info_.output_width * 3;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  const jpeg_decompress_struct& info() const { return info_; }
  const char* message() const { return errors_.message; }

 private:
  jpeg_decompress_struct info_{};
  Errors errors_{};
  jpeg_progress_mgr progress_{};
  bool created_ = false;
};

}  // namespace

RgbImage decode_jpeg(std::span<const std::uint8_t> bytes, const std::filesystem::path& name) {
  const char* const hint = "the file is damaged or cut; replace or remove it";
  Decoder decoder;
  if (!decoder.read_header(bytes.data(), static_cast<unsigned long>(bytes.size())))
    throw DataError(name, std::string("cannot be decoded as JPEG: ") + decoder.message(), hint);
  const jpeg_decompress_struct& info = decoder.info();
  if (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK)
    throw DataError(name, "is a JPEG in four inks (CMYK)", "convert it to RGB");
  RgbImage image = make_image(info.image_height, info.image_width, name);
  if (!decoder.read_pixels(image.pixels.data()))
    throw DataError(name, std::string("cannot be decoded as JPEG: ") + decoder.message(), hint);
  return image;
}

}  // namespace intact
