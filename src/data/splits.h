// What readers of data sets share: checks between files and between the two splits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace intact {

// The first of the names that exists in the folder, each also tried with .gz behind it. Throws DataError that
// names the first.
std::filesystem::path find_file(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                const std::string& hint);

// Throws DataError unless there are as many labels as images.
void check_counts(const std::filesystem::path& labels_file, std::size_t labels,
                  const std::filesystem::path& images_file, std::size_t images);

}  // namespace intact
