// libFuzzer target: any file, gzip or not, holds images and labels that fit its header, or is a DataError.
// The reader takes files, so each input goes through a file in memory. Build: -DINTACT_FUZZ=ON with clang.
// Run: fuzz_idx -max_len=4096 CORPUS
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "data/data_error.h"
#include "data/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = memfd_create("fuzz_idx", 0);
  static const std::filesystem::path path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  try {
    const intact::IdxImages images = intact::read_idx_images(path);
    const auto image = static_cast<std::size_t>(images.height) * static_cast<std::size_t>(images.width) *
                       static_cast<std::size_t>(images.channels);
    if (images.bytes.empty() || images.bytes.size() % image != 0) std::abort();
  } catch (const intact::DataError&) {
  }
  try {
    if (intact::read_idx_labels(path).empty()) std::abort();
  } catch (const intact::DataError&) {
  }
  return 0;
}
