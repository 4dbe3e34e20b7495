#include "cli/exported_blob.h"

#include <string>

#include "cli/export_run.h"
#include "core/atomic_file.h"
#include "core/error.h"

namespace intact {
namespace {

ExportedBlob find_or_export(const RunFolder& folder, std::optional<Target> target) {
  const Target wanted = target.value_or(Target::kGeneric);
  if (std::filesystem::exists(folder.blob())) {
    ExportedBlob blob = read_blob_file(folder.blob());
    const std::string& made_for = blob.contents.target;
    if (!target || made_for == to_string(wanted) || (made_for.empty() && wanted == Target::kGeneric))
      return blob;
  }
  const std::filesystem::path file = blob_file(folder, wanted);
  LowerOptions options;
  options.target = wanted;
  export_run(folder, file, options);
  return read_blob_file(file);
}

}  // namespace

ExportedBlob read_blob_file(const std::filesystem::path& file) {
  ExportedBlob blob{file, read_file(file, std::size_t{1} << 31), {}};
  try {
    blob.contents = read_blob(blob.bytes);
  } catch (const Error& error) {
    throw Error(file.string() + ": " + error.what());
  }
  return blob;
}

ExportedBlob exported_blob(const RunFolder& folder, std::optional<Target> target, const StateHash& hash) {
  ExportedBlob blob = find_or_export(folder, target);
  if (blob.contents.state_hash != hash) {
    throw Error(blob.file.string() + " holds the integers " + to_hex(blob.contents.state_hash) +
                ", the run's checkpoint " + to_hex(hash) +
                ": the run went on after the export; export it again");
  }
  return blob;
}

}  // namespace intact
