#include "data/image_list.h"

#include <algorithm>
#include <system_error>

#include "data/data_error.h"

namespace intact {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostClasses = 256, kMostImages = std::size_t{1} << 24;
constexpr const char* kHint =
    "data.path must name a folder with train and test, each with one folder of images for every class";

[[noreturn]] void fail(const fs::path& path, const std::error_code& code) {
  throw DataError(path, "cannot be read: " + code.message());
}

// Entries without a leading dot, by name.
std::vector<fs::directory_entry> sorted_entries(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  fs::directory_iterator it(folder, code);
  if (code) fail(folder, code);
  while (it != fs::directory_iterator()) {
    if (it->path().filename().native().front() != '.') entries.push_back(*it);
    it.increment(code);
    if (code) fail(folder, code);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<std::string> list_classes(const fs::path& split) {
  std::error_code code;
  if (!fs::is_directory(split, code)) throw DataError(split, "no such folder", kHint);
  std::vector<std::string> classes;
  for (const fs::directory_entry& entry : sorted_entries(split)) {
    if (!entry.is_directory(code))
      throw DataError(entry.path(), "is not a folder: images lie in the folder of their class", kHint);
    classes.push_back(entry.path().filename().string());
  }
  if (classes.empty()) throw DataError(split, "has no class", kHint);
  if (classes.size() > kMostClasses)
    throw DataError(
        split, "has " + std::to_string(classes.size()) + " classes, above " + std::to_string(kMostClasses));
  return classes;
}

ImageFile look_at(const fs::directory_entry& entry, std::size_t label) {
  std::error_code code;
  const fs::file_status status = entry.status(code);
  if (code) fail(entry.path(), code);
  if (status.type() != fs::file_type::regular)
    throw DataError(entry.path(), "is not a file: a class's folder holds images only");
  ImageFile file{entry.path(), static_cast<std::uint8_t>(label), entry.file_size(code), 0};
  if (code) fail(entry.path(), code);
  file.modified = static_cast<std::int64_t>(entry.last_write_time(code).time_since_epoch().count());
  if (code) fail(entry.path(), code);
  return file;
}

std::vector<ImageFile> list_split(const fs::path& split, const std::vector<std::string>& classes) {
  std::vector<ImageFile> files;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const std::size_t before = files.size();
    for (const fs::directory_entry& entry : sorted_entries(split / classes[label]))
      files.push_back(look_at(entry, label));
    if (files.size() == before) throw DataError(split / classes[label], "the class has no image");
    if (files.size() > kMostImages)
      throw DataError(split, "has more than " + std::to_string(kMostImages) + " images");
  }
  return files;
}

void check_same_classes(const fs::path& folder, const std::vector<std::string>& train,
                        const std::vector<std::string>& test) {
  const auto lacking = [](const std::vector<std::string>& of, const std::vector<std::string>& in) {
    return std::find_if(of.begin(), of.end(), [&](const std::string& name) {
      return !std::binary_search(in.begin(), in.end(), name);
    });
  };
  if (const auto it = lacking(train, test); it != train.end())
    throw DataError(folder / "test" / *it, "no such folder, but train has this class");
  if (const auto it = lacking(test, train); it != test.end())
    throw DataError(folder / "train" / *it, "no such folder, but test has this class");
}

}  // namespace

ImageList list_images(const fs::path& folder) {
  ImageList list;
  list.classes = list_classes(folder / "train");
  check_same_classes(folder, list.classes, list_classes(folder / "test"));
  list.train = list_split(folder / "train", list.classes);
  list.test = list_split(folder / "test", list.classes);
  return list;
}

}  // namespace intact
