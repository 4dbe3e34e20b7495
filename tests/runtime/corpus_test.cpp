// The inputs that the fuzzer kept (tests/runtime/corpus), one for each way through loader, planning and
// kernels: each runs between pages without access, at both ends. Any input that once broke the runtime joins
// them.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <set>

#include "core/atomic_file.h"
#include "fuzz_body.h"
#include "fuzz_kernels.h"
#include "guarded_bytes.h"

namespace intact::testing {
namespace {

TEST(Corpus, NoAccessLeavesBlobAndArena) {
  GuardedBytes blob_memory(1U << 16), arena_memory(1U << 16);
  std::set<intact_status> seen;
  int accepted = 0;
  const auto folder = std::filesystem::path(INTACT_SOURCE_DIR) / "tests/runtime/corpus";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::vector<std::uint8_t> bytes = read_file(entry.path(), 1U << 16);
    for (const bool upper : {false, true}) {
      blob_memory.set_writable(true);
      std::uint8_t* blob = blob_memory.place(bytes.size(), upper);
      std::memcpy(blob, bytes.data(), bytes.size());
      blob_memory.set_writable(false);
      const std::size_t arena_size = fuzz_arena(blob, bytes.size());
      const intact_status status = exercise(blob, bytes.size(), arena_memory.place(arena_size, upper),
                                            arena_size, kMutantWork, fuzz_kernels());
      seen.insert(status);
      accepted += status == INTACT_OK;
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GE(seen.size(), 15U);
}

}  // namespace
}  // namespace intact::testing
