// libFuzzer target over loader, planning, kernels and self-test. Build: -DINTACT_FUZZ=ON with clang. Run:
// fuzz_blob -max_len=4096 CORPUS. Nothing is allocated for an input, and no model runs longer than some tens
// of microseconds.
#include <array>
#include <cstring>

#include "blob_builder.h"
#include "fuzz_body.h"
#include "fuzz_kernels.h"
#include "fuzz_memory.h"
#include "fuzz_structure.h"
#include "random_network.h"

using namespace intact::testing;

namespace {

constexpr std::size_t kMaxBlob = 1U << 16, kMaxArena = 1U << 16;
constexpr std::uint64_t kMaxWork = 1U << 14;

Blob whole_blob(unsigned seed) {
  NetworkMaker maker = seed % 16 ? tiny_network(seed) : mixed_network(seed);
  BlobOptions options{.names = seed % 4 == 0};
  intact::RandomStream random(seed, {7});
  if (seed % 2) random_streams(maker.network(), options, random);
  if (seed % 3) {
    for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  }
  if (seed % 8) options.kernels = random_kernels(maker.network().nodes.size(), random);
  options.more_scratch = 16 * random.below(64);
  return build_blob(maker.network(), options);
}

// A corpus that is empty still starts from whole blobs.
std::size_t fresh_blob(std::uint8_t* data, std::size_t max_size, unsigned seed) {
  static const auto* const pool = [] {
    auto* blobs = new std::array<Blob, 256>;
    for (unsigned i = 0; i < blobs->size(); ++i) (*blobs)[i] = whole_blob(i);
    return blobs;
  }();
  const AlignedBytes& blob = (*pool)[seed % pool->size()].bytes;
  if (blob.size() > max_size) return 0;
  std::memcpy(data, blob.data(), blob.size());
  return blob.size();
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  intact::RandomStream random(seed, {0x66757a7a});
  if (size < 64 || random.below(200) == 0) {
    const std::size_t made = fresh_blob(data, max_size, seed);
    if (made != 0) return made;
  }
  const std::uint32_t way = random.below(16);
  if (way == 0) {
    size = LLVMFuzzerMutate(data, size, max_size);
    if (size >= 12) {  // the length field follows, so that most mutants pass the header
      for (std::size_t i = 0; i < 4; ++i) data[8 + i] = static_cast<std::uint8_t>(size >> (8 * i));
    }
    return size;
  }
  if (way < 4 || !mutate_fields(data, size, random)) mutate(data, size, random);
  if (way >= 6) repair(data, size, random);
  if (size >= 16) data[12] = static_cast<std::uint8_t>(random.next());
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static FuzzMemory blob_memory(kMaxBlob), arena_memory(kMaxArena);
  if (size > kMaxBlob) return 0;
  // The stored checksum, which init does not read, says where the memory lies and what else is called.
  const unsigned choice = size < 13 ? 0 : data[12];
  const bool upper = choice % 4 != 0;
  std::uint8_t* blob = blob_memory.take(size, upper);
  if (size) std::memcpy(blob, data, size);
  const std::size_t arena_size = fuzz_arena(blob, size);
  exercise(blob, size, arena_memory.take(arena_size, upper), arena_size, kMaxWork, fuzz_kernels());
  if (choice % 32 == 0) intact_check_crc(blob, size);
  return 0;
}
