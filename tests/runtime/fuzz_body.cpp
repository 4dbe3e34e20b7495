#include "fuzz_body.h"

#include <cstdlib>
#include <cstring>

#include "runtime/intact_blob.h"

namespace intact::testing {
namespace {

constexpr std::size_t kMaxArena = 1U << 16;
constexpr std::size_t kLastSection = 64;  // bytes at the end, where mixed networks have KERNELS

std::uint32_t load(const std::uint8_t* p, std::size_t bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, p, bytes);  // host order: values are only moved about
  return value;
}

std::uint32_t interesting(RandomStream& random, std::uint32_t old, const std::uint8_t* blob,
                          std::size_t size) {
  static constexpr std::uint32_t kValues[] = {
      0,   1,   2,   3,   4,     7,     8,     15,    16,         17,         31,         32, 33,        64,
      127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 48, 0xfffffff0};
  switch (random.below(5)) {
    case 0:
      return kValues[random.below(sizeof kValues / sizeof *kValues)];
    case 1:
      return old + 16U * (random.below(9) - 4U);
    case 2:
      return old ^ 1U << random.below(32);
    case 3:
      return load(blob + random.below(static_cast<std::uint32_t>(size / 4)) * 4, 4);  // another field's value
    default:
      return old + random.below(5) - 2U;
  }
}

}  // namespace

std::vector<KernelSpec> random_kernels(std::size_t nodes, RandomStream& random) {
  std::vector<KernelSpec> kernels(nodes);
  for (KernelSpec& k : kernels) {
    k.kernel = static_cast<std::uint16_t>(random.below(INTACT_CONV_KERNELS + 1));
    k.parameter = static_cast<std::uint16_t>(random.below(65536) >> random.below(16));
  }
  return kernels;
}

void random_streams(const NetworkSpec& network, BlobOptions& options, RandomStream& random) {
  const auto nodes = static_cast<std::uint32_t>(network.nodes.size());
  for (int attempt = 0; attempt < 16 && nodes > 1; ++attempt) {
    BlobOptions trial = options;
    const std::uint32_t first = random.below(nodes - 1), last = first + 1 + random.below(nodes - first - 1);
    const auto height = [&](std::uint32_t tensor) { return network.tensor(static_cast<int>(tensor)).height; };
    trial.streams = {{first, last, 1 + random.below(height(last + 1))}};
    trial.tensor_rows.assign(nodes + 1, 0);
    for (std::uint32_t t = first + 1; t <= last; ++t) {
      if (height(t) > 1) trial.tensor_rows[t] = height(t) - 1 - random.below((height(t) + 1) / 2);
    }
    const Blob blob = build_blob(network, trial);
    AlignedBytes arena(blob.arena + std::size_t{16});
    intact_model model;
    if (intact_init(&model, blob.bytes.data(), blob.bytes.size(), arena.data(), arena.size(),
                    INTACT_NO_WORK_LIMIT) == INTACT_OK) {
      options = trial;
      return;
    }
  }
}

std::size_t fuzz_arena(const std::uint8_t* blob, std::size_t size) {
  std::size_t bytes = 0;
  if (intact_required_arena(blob, size, &bytes) != INTACT_OK || bytes > kMaxArena) return 0;
  return bytes;
}

intact_status exercise(const std::uint8_t* blob, std::size_t size, std::uint8_t* arena,
                       std::size_t arena_size, std::uint64_t max_work, const intact_kernel_set& kernels) {
  intact_model model;
  const intact_status status = intact_init_with(&model, blob, size, arena, arena_size, max_work, &kernels);
  if (status != INTACT_OK) return status;
  intact_run(&model);
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < model.tensor_count; ++i) {
    intact_tensor t;
    if (intact_get_tensor(&model, i, &t) != INTACT_OK) std::abort();
    if (t.data < arena || t.bytes > arena_size - static_cast<std::size_t>(t.data - arena)) std::abort();
    sum += static_cast<std::uint32_t>(intact_value(&t, t.height - 1, t.width - 1, t.channels - 1));
  }
  intact_mismatch first = {sum, sum};
  const intact_status tested = intact_selftest(&model, &first);
  if (tested == INTACT_E_MISMATCH && first.node > model.node_count) std::abort();
  if (intact_argmax(&model) >= intact_output(&model).channels) std::abort();
  return INTACT_OK;
}

void mutate(std::uint8_t* blob, std::size_t size, RandomStream& random) {
  if (size < 64) return;
  // Records lie at the front: most changes hit header, table, tensors and nodes rather than parameters.
  const std::size_t records = size < 2048 ? size : 2048;
  for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
    const std::size_t width = std::size_t{1} << random.below(3);
    const std::uint32_t where = random.below(8);
    const std::size_t within = where == 0 ? size : where == 1 ? kLastSection : records;
    const std::size_t at = (where == 1 ? size - kLastSection : 0) +
                           random.below(static_cast<std::uint32_t>(within / width)) * width;
    if (at < 8 && random.below(64) != 0) continue;  // magic and version
    const std::uint32_t value = interesting(random, load(blob + at, width), blob, size);
    std::memcpy(blob + at, &value, width);
  }
}

}  // namespace intact::testing
