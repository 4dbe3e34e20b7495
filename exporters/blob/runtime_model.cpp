#include "exporters/blob/runtime_model.h"

#include <algorithm>
#include <string>

#include "core/error.h"
#include "exporters/blob/blob_format.h"

namespace intact {
namespace {

std::string advice(intact_status status) {
  switch (status) {
    case INTACT_E_TRUNCATED:
      return "the file is shorter than it states; copy or export it again";
    case INTACT_E_MAGIC:
      return "this is not a blob of Intact";
    case INTACT_E_VERSION:
    case INTACT_E_FEATURE:
      return "the blob was written by a newer version; read it with that one";
    case INTACT_E_CRC:
      return "the bytes are damaged; copy or export the file again";
    default:
      return "the blob breaks docs/FORMAT.md; export it again";
  }
}

}  // namespace

void require_ok(intact_status status) {
  if (status != INTACT_OK)
    throw Error(std::string("blob refused, ") + intact_status_name(status) + ": " + advice(status));
}

RuntimeModel::AlignedMemory RuntimeModel::allocate(std::size_t bytes) {
  const std::size_t rounded =
      std::max(kBlobAlignment, (bytes + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment);
  AlignedMemory memory(static_cast<std::uint8_t*>(std::aligned_alloc(kBlobAlignment, rounded)));
  if (!memory) throw Error("not enough memory: the blob asks for " + std::to_string(bytes) + " bytes");
  return memory;
}

RuntimeModel::RuntimeModel(std::span<const std::uint8_t> blob) : blob_(allocate(blob.size())) {
  std::copy(blob.begin(), blob.end(), blob_.get());
  require_ok(intact_required_arena(blob_.get(), blob.size(), &arena_bytes_));
  arena_ = allocate(arena_bytes_);
  require_ok(
      intact_init(&model_, blob_.get(), blob.size(), arena_.get(), arena_bytes_, INTACT_NO_WORK_LIMIT));
}

}  // namespace intact
