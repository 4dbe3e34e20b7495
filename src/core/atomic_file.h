// Files written whole or not at all, and read whole under a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace intact {

// Replaces `path` by `bytes`: a temporary file in the same folder, flushed to the disk, then renamed over
// `path`. A reader, or a crash at any moment, sees the old content or the new, never a part. Throws Error
// naming the path and the step that failed; the old content then still stands and no temporary file is left.
// A path that exists and is not a regular file is refused.
void atomic_write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void atomic_write_file(const std::filesystem::path& path, std::string_view text);

// The file's bytes. Throws Error naming the path when it cannot be read, is not a regular file or holds more
// than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace intact
