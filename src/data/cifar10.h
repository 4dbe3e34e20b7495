// CIFAR-10, the binary version (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html): records of a
// label's byte and 3,072 of a 32x32 image, its red, green and blue plane.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace intact {

// data_batch_1.bin to data_batch_5.bin and test_batch.bin, plain or .gz, in that order. Throws DataError.
DataSplits load_cifar10(const std::filesystem::path& folder);

}  // namespace intact
