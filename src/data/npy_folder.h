// A folder of NumPy arrays: anyone's own images.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace intact {

// {train,test}-images.npy, uint8 of shape (samples, height, width) or (samples, height, width, channels), and
// {train,test}-labels.npy, uint8 of shape (samples). Throws DataError.
DataSplits load_npy_folder(const std::filesystem::path& folder);

}  // namespace intact
