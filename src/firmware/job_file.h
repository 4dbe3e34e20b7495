// Writes the job (job.h) that the harness runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace intact {

// The files of a job in `folder`. `flags`: JOB_... of job.h. Throws Error where an input does not have
// `input_bytes` bytes.
void write_job(const std::filesystem::path& folder, std::span<const std::uint8_t> blob,
               std::span<const std::vector<std::uint8_t>> inputs, std::uint32_t flags,
               std::size_t input_bytes);

}  // namespace intact
