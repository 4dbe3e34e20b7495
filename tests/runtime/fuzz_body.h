// What the mutation test and the libFuzzer target do with bytes that claim to be a blob.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "blob_builder.h"
#include "core/random.h"
#include "runtime/intact.h"

namespace intact::testing {

// Kernels for `nodes` nodes at random, of all numbers and some beyond, with random parameters: the section
// that only speed depends on.
// Gives the blob a stream, with memory for some rows of its tensors, where a few attempts find one that the
// loader accepts. Expects no golden inputs yet.
void random_streams(const NetworkSpec& network, BlobOptions& options, RandomStream& random);

std::vector<KernelSpec> random_kernels(std::size_t nodes, RandomStream& random);

// Loads, and if the loader accepts: runs, self-tests, reads all values. `blob` is at a multiple of 16;
// `arena` too and of exactly intact_required_arena's bytes. Models of more work are refused. Returns the
// loader's status.
inline constexpr std::uint64_t kMutantWork = 1'000'000;
intact_status exercise(const std::uint8_t* blob, std::size_t size, std::uint8_t* arena,
                       std::size_t arena_size, std::uint64_t max_work = kMutantWork,
                       const intact_kernel_set& kernels = intact_all_kernels);

// Arena that the header asks for, or 0 where the header is refused or asks for more than the tests give.
std::size_t fuzz_arena(const std::uint8_t* blob, std::size_t size);

// Changes a few fields in place, where records put them, towards values that break bounds or meet other
// fields' values.
void mutate(std::uint8_t* blob, std::size_t size, RandomStream& random);

}  // namespace intact::testing
