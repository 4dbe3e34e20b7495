// A folder of tables of features: train.csv and test.csv.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace intact {

// train.csv and test.csv, plain or .gz, as csv.h says, with the same columns. A feature x becomes the byte
// round(255 (x - min) / (max - min)), halves up, held to 0..255: min and max are the column's over train.csv,
// or those of all columns. Where max is min it becomes 0. Firmware must do the same: DataSplits::features has
// the ranges. Throws DataError.
DataSplits load_csv_folder(const DataConfig& config);

}  // namespace intact
