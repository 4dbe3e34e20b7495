// Run folder to blob and C array.
#pragma once

#include <cstdint>
#include <filesystem>

#include "exporters/c/c_array.h"
#include "exporters/passes/lowered.h"
#include "integer/graph.h"
#include "train/run_folder.h"

namespace intact {

struct ExportResult {
  std::filesystem::path blob, source, header;
  Target target = Target::kGeneric;
  std::size_t flash_bytes = 0;
  std::uint32_t arena_bytes = 0;
  std::int64_t macs = 0;
  int golden_vectors = 0;
  StateHash hash{};
  bool finished = true;  // false: training goes on behind these integers
};

// Where the blob of a target stands when nobody names another file: model.blob, model-cortex-m4.blob.
std::filesystem::path blob_file(const RunFolder& folder, Target target);

// Lowers the integers in the run's checkpoint; golden inputs are chosen among the first test images. Runs the
// blob's self-test in the runtime before writing anything. Throws Error.
ExportResult export_run(const RunFolder& folder, const std::filesystem::path& blob_file,
                        const LowerOptions& options = {}, CFormat format = CFormat::kArray);

}  // namespace intact
