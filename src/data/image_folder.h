// A folder of JPEG and PNG images by class.
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace intact {

// train/CLASS/IMAGE and test/CLASS/IMAGE (image_list.h), each image decoded (decode_image.h) and brought to
// height x width x channels of the config (resize.h), on all cores. What was decoded is kept in the cache
// (image_cache.h), where it can be written. At most 2^32 bytes in all. Throws DataError; of several faulty
// images it names the first.
DataSplits load_image_folder(const DataConfig& config, const DataEvents& events);

}  // namespace intact
