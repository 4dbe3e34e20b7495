#include "firmware/job_file.h"

#include <string>

#include "core/error.h"
#include "firmware/job.h"
#include "firmware/temporary_folder.h"

namespace intact {
namespace {

void append_u32(std::vector<std::uint8_t>& out, std::uint32_t x) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}

}  // namespace

void write_job(const std::filesystem::path& folder, std::span<const std::uint8_t> blob,
               std::span<const std::vector<std::uint8_t>> inputs, std::uint32_t flags,
               std::size_t input_bytes) {
  std::vector<std::uint8_t> job;
  append_u32(job, static_cast<std::uint32_t>(inputs.size()));
  append_u32(job, flags);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].size() != input_bytes)
      throw Error("sample " + std::to_string(i) + " has " + std::to_string(inputs[i].size()) +
                  " bytes, the blob's input " + std::to_string(input_bytes));
    job.insert(job.end(), inputs[i].begin(), inputs[i].end());
  }
  write_bytes(folder / JOB_BLOB_FILE, blob);
  write_bytes(folder / JOB_FILE, job);
}

}  // namespace intact
