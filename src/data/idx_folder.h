// A folder of IDX files as MNIST and its relatives have them.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace intact {

// {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte, with a dot in place of the first hyphen of the
// ending, and with .gz, too. Throws DataError.
DataSplits load_idx_folder(const std::filesystem::path& folder);

}  // namespace intact
