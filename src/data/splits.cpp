#include "data/splits.h"

#include <system_error>

#include "data/data_error.h"

namespace intact {

std::filesystem::path find_file(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                const std::string& hint) {
  for (const std::string& name : names) {
    for (const char* ending : {"", ".gz"}) {
      std::filesystem::path file = folder / (name + ending);
      std::error_code code;
      if (std::filesystem::exists(file, code)) return file;
    }
  }
  throw DataError(folder, "has no file " + names.front() + "[.gz]", hint);
}

void check_counts(const std::filesystem::path& labels_file, std::size_t labels,
                  const std::filesystem::path& images_file, std::size_t images) {
  if (labels == images) return;
  throw DataError(labels_file, "holds " + std::to_string(labels) + " labels, but " + images_file.string() +
                                   " holds " + std::to_string(images) + " images");
}

}  // namespace intact
