// libFuzzer target over loader, kernels and self-test. Build: -DINTACT_FUZZ=ON with clang. Run: fuzz_blob
// -max_len=16384 CORPUS
#include <cstring>

#include "aligned_bytes.h"
#include "blob_builder.h"
#include "fuzz_body.h"
#include "random_network.h"

using namespace intact::testing;

namespace {

// A corpus that is empty still starts from whole blobs.
std::size_t fresh_blob(std::uint8_t* data, std::size_t max_size, unsigned seed) {
  NetworkMaker maker = mixed_network(seed % 64);
  BlobOptions options{.names = seed % 2 == 0};
  for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  if (seed % 4) {
    intact::RandomStream random(seed, {7});
    options.kernels = random_kernels(maker.network().nodes.size(), random);
    options.more_scratch = 16 * random.below(512);
  }
  const Blob blob = build_blob(maker.network(), options);
  if (blob.bytes.size() > max_size) return 0;
  std::memcpy(data, blob.bytes.data(), blob.bytes.size());
  return blob.bytes.size();
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
  if (random.below(8) == 0) {
    size = LLVMFuzzerMutate(data, size, max_size);
    if (size >= 12) {  // the length field follows, so that most mutants pass the header
      for (std::size_t i = 0; i < 4; ++i) data[8 + i] = static_cast<std::uint8_t>(size >> (8 * i));
    }
    return size;
  }
  mutate(data, size, random);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Exact sizes on the heap: AddressSanitizer sees the first byte beyond.
  const AlignedBytes blob(data, data + size);
  AlignedBytes arena(fuzz_arena(blob.data(), blob.size()));
  alignas(16) static std::uint8_t nothing[16];
  exercise(size ? blob.data() : nothing, size, arena.empty() ? nothing : arena.data(), arena.size());
  intact_check_crc(size ? blob.data() : nothing, size);
  return 0;
}
