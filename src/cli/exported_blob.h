// Blobs from files, for the verbs that look at them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "exporters/blob/blob_reader.h"
#include "exporters/kernels/target.h"
#include "train/run_folder.h"

namespace intact {

struct ExportedBlob {
  std::filesystem::path file;
  std::vector<std::uint8_t> bytes;
  BlobContents contents;
};

// Reads and checks a blob; errors name the file.
ExportedBlob read_blob_file(const std::filesystem::path& file);

// RUN/model.blob, exported first if there is none; with a target that it was not exported for, a blob beside
// it that is exported anew. Throws Error where the blob holds other integers than `hash`, the checkpoint's.
ExportedBlob exported_blob(const RunFolder& folder, std::optional<Target> target, const StateHash& hash);

}  // namespace intact
