#include "kernels/batch_runner.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "exporters/passes/tensor_memory.h"
#include "firmware/emulation.h"
#include "firmware/qemu_machine.h"
#include "firmware/temporary_folder.h"
#include "kernels/checked_kernels.h"
#include "runtime/guarded_bytes.h"

namespace intact::test {
namespace {

constexpr std::size_t kScratchMemory = std::size_t{1} << 18;
constexpr int kStallSeconds = 120;

void append_u32(Bytes& out, std::size_t x) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}

Bytes batch_file(std::span<const BatchItem> items) {
  Bytes file;
  append_u32(file, items.size());
  for (const BatchItem& item : items) {
    append_u32(file, item.blob.size());
    append_u32(file, item.inputs.size());
    append_u32(file, item.offered);
    file.insert(file.end(), item.blob.begin(), item.blob.end());
    for (const Bytes& input : item.inputs) file.insert(file.end(), input.begin(), input.end());
  }
  return file;
}

// Counting instructions makes QEMU slow.
std::vector<std::string> uncounted(std::vector<std::string> command) {
  const auto at = std::find(command.begin(), command.end(), "-icount");
  if (at != command.end()) command.erase(at, at + 2);
  return command;
}

BatchResult read_result(Emulation& run, const BatchItem& item) {
  if (const auto status = static_cast<intact_status>(run.read_u32()); status != INTACT_OK)
    run.fail(std::string("refuses a blob with ") + intact_status_name(status));
  BatchResult result;
  const Graph& graph = item.lowered->graph;
  for (std::size_t s = 0; s < item.inputs.size(); ++s) {
    for (std::size_t t = 1; t < graph.tensors.size(); ++t) {
      result.outputs.emplace_back(tensor_bytes(graph.tensors[t]));
      run.read(result.outputs.back());
    }
  }
  for (std::uint32_t& calls : result.calls) calls = run.read_u32();
  result.faults = run.read_u32();
  return result;
}

void require_ok(intact_status status) {
  if (status != INTACT_OK) throw Error(std::string("the runtime here: ") + intact_status_name(status));
}

// Blob and arena end at memory without access, the blob is read only.
BatchResult run_here(const BatchItem& item, const intact_kernel_set* set) {
  testing::GuardedBytes blob_memory(item.blob.size() + 16), arena_memory(item.lowered->arena_bytes + 16);
  std::uint8_t* blob = blob_memory.place(item.blob.size(), true);
  std::copy(item.blob.begin(), item.blob.end(), blob);
  blob_memory.set_writable(false);
  std::size_t arena_bytes = 0;
  require_ok(intact_required_arena(blob, item.blob.size(), &arena_bytes));
  std::uint8_t* arena = arena_memory.place(arena_bytes, true);
  checked_fill(arena, arena_bytes);
  intact_model model;
  checked_offer(item.offered);
  require_ok(intact_init_with(&model, blob, item.blob.size(), arena, arena_bytes, INTACT_NO_WORK_LIMIT, set));
  checked_begin();
  BatchResult result;
  for (const Bytes& input : item.inputs) {
    std::copy(input.begin(), input.end(), intact_input(&model).data);
    for (std::uint32_t node = 0; node < model.node_count; ++node) {
      intact_tensor t{};
      require_ok(intact_run_node(&model, node));
      require_ok(intact_node_output(&model, node, &t));
      result.outputs.emplace_back(t.data, t.data + t.bytes);
    }
  }
  std::copy(std::begin(checked_calls), std::end(checked_calls), result.calls.begin());
  if (checked_scratch_overrun != 0) result.faults |= BATCH_OUTSIDE_SCRATCH;
  return result;
}

}  // namespace

BatchResults run_batch(Core core, std::span<const BatchItem> items) {
  const TemporaryFolder folder;
  write_bytes(folder.path() / BATCH_FILE, batch_file(items));
  const std::string elf =
      std::string(INTACT_TEST_FIRMWARE_DIR) + "/kernels-" + std::string(to_string(core)) + ".elf";
  Emulation run(core, uncounted(command_line(core, std::filesystem::absolute(elf).string())), folder.path(),
                BATCH_RESULT_FILE, kStallSeconds);
  const auto expect_magic = [&] {
    if (run.read_u32() != BATCH_MAGIC) run.fail("wrote something else than results");
  };
  expect_magic();
  BatchResults results;
  results.kernels = run.read_u32();
  for (const BatchItem& item : items) results.items.push_back(read_result(run, item));
  expect_magic();
  run.finish();
  return results;
}

BatchResults run_batch_here(std::span<const BatchItem> items) {
  std::vector<std::uint8_t> memory(kScratchMemory + 16);
  std::uint8_t* aligned = memory.data() + (16 - reinterpret_cast<std::uintptr_t>(memory.data()) % 16) % 16;
  const intact_kernel_set* set = checked_kernels(aligned, kScratchMemory);
  BatchResults results;
  for (std::uint32_t k = 0; k < INTACT_CONV_KERNELS; ++k) {
    if (set->conv[k] != nullptr) results.kernels |= 1U << k;
  }
  for (const BatchItem& item : items) results.items.push_back(run_here(item, set));
  return results;
}

}  // namespace intact::test
