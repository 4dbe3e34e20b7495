// What a folder of images by class holds, without a look into the files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace intact {

struct ImageFile {
  std::filesystem::path path;
  std::uint8_t label = 0;
  std::uintmax_t bytes = 0;
  std::int64_t modified = 0;  // in the file system's own units
};

struct ImageList {
  std::vector<std::string> classes;  // sorted byte by byte; a label is a place here
  std::vector<ImageFile> train, test;
};

// folder/train/CLASS/IMAGE and folder/test/CLASS/IMAGE: the same 1 to 256 classes in both, each with an
// image, at most 2^24 images. Names with a leading dot are passed over; any other file or folder out of place
// is refused. Classes and files are in the order of their names. Throws DataError.
ImageList list_images(const std::filesystem::path& folder);

}  // namespace intact
