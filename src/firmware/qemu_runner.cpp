#include "firmware/qemu_runner.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>

#include "core/error.h"
#include "firmware/child_process.h"
#include "firmware/cycles/trace_nodes.h"
#include "firmware/emulation.h"
#include "firmware/job.h"
#include "firmware/job_file.h"
#include "firmware/qemu_machine.h"
#include "firmware/step_outputs.h"
#include "firmware/temporary_folder.h"
#include "firmware/tensor_values.h"

namespace intact {
namespace {

// The blob's structure as the runtime on this machine reads it: sizes and grids of the tensors that come
// back.
class BlobShape {
 public:
  explicit BlobShape(std::span<const std::uint8_t> blob) : blob_(aligned(blob.size())) {
    std::copy(blob.begin(), blob.end(), blob_.get());
    std::size_t arena_bytes = 0;
    check(intact_required_arena(blob_.get(), blob.size(), &arena_bytes));
    arena_ = aligned(arena_bytes);
    check(intact_init(&model_, blob_.get(), blob.size(), arena_.get(), arena_bytes, INTACT_NO_WORK_LIMIT));
  }

  std::uint32_t nodes() const { return model_.node_count; }
  std::size_t input_bytes() const { return intact_input(&model_).bytes; }
  const intact_model& model() const { return model_; }

  // Calls visit(step) for each step of a run, which is not run.
  template <typename Visit>
  void for_steps(Visit visit) const {
    intact_step step;
    for (int more = intact_first_step(&model_, &step); more != 0; more = intact_next_step(&model_, &step))
      visit(step);
  }

 private:
  struct Free {
    void operator()(std::uint8_t* p) const { ::operator delete (p, std::align_val_t{16}); }
  };
  using Bytes = std::unique_ptr<std::uint8_t, Free>;

  static Bytes aligned(std::size_t bytes) {
    return Bytes(static_cast<std::uint8_t*>(::operator new (bytes + 1, std::align_val_t{16})));
  }
  static void check(intact_status status) {
    if (status != INTACT_OK)
      throw Error(std::string("the runtime refuses the blob: ") + intact_status_name(status) +
                  " (src/runtime/intact.h says what that means)");
  }

  Bytes blob_, arena_;
  intact_model model_{};
};

std::uint32_t job_flags(const DeviceOptions& options) {
  std::uint32_t flags = 0;
  if (options.every_node) flags |= JOB_EVERY_NODE;
  if (options.count_instructions) flags |= JOB_COUNT;
  if (options.count_nodes) flags |= JOB_COUNT_STEPS;
  if (options.selftest) flags |= JOB_SELFTEST;
  return flags;
}

void expect_magic(Emulation& run) {
  if (run.read_u32() != JOB_MAGIC) run.fail("wrote something else than results");
}

void read_samples(Emulation& run, const BlobShape& shape, std::size_t samples, bool every_node,
                  const NodeSink& sink) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t s = 0; s < samples; ++s) {
    StepOutputs outputs(
        shape.model(), [&](std::uint32_t node, const intact_tensor& t) { sink(s, node, tensor_values(t)); },
        every_node ? 0 : shape.nodes() - 1);
    shape.for_steps([&](const intact_step& step) {
      if (!every_node && step.node + 1 < shape.nodes()) return;
      intact_tensor rows = intact_step_output(&shape.model(), &step);
      bytes.resize(rows.bytes);
      if (!bytes.empty()) run.read(bytes);
      rows.data = bytes.data();
      outputs.add(step, rows);
    });
  }
}

}  // namespace

DeviceResult run_on_core(Core core, std::span<const std::uint8_t> blob,
                         std::span<const std::vector<std::uint8_t>> inputs, const NodeSink& sink,
                         const DeviceOptions& options) {
  if (const std::string missing = missing_for(core); !missing.empty()) throw Error(missing);
  const BlobShape shape(blob);
  const TemporaryFolder folder;
  write_job(folder.path(), blob, inputs, job_flags(options), shape.input_bytes());

  Emulation run(core, command_line(core, std::filesystem::absolute(firmware_path(core)).string()),
                folder.path(), JOB_RESULT_FILE, options.stall_seconds);
  expect_magic(run);
  if (const auto status = static_cast<intact_status>(run.read_u32()); status != INTACT_OK)
    run.fail(std::string("refuses the blob with ") + intact_status_name(status));
  DeviceResult result;
  result.instructions = run.read_u64();
  if (options.count_nodes && !inputs.empty()) {
    result.node_instructions.resize(shape.nodes());
    shape.for_steps([&](const intact_step& step) { result.node_instructions[step.node] += run.read_u64(); });
  }
  read_samples(run, shape, inputs.size(), options.every_node, sink);
  result.crc_ok = run.read_u32() == INTACT_OK;
  result.selftest_status = static_cast<intact_status>(run.read_u32());
  result.selftest_ok = result.selftest_status == INTACT_OK;
  result.first_mismatch.vector = run.read_u32();
  result.first_mismatch.node = run.read_u32();
  expect_magic(run);
  run.finish();
  if (options.model_cycles && core == Core::kCortexM4 && !inputs.empty()) {
    std::vector<std::uint32_t> nodes;
    shape.for_steps([&](const intact_step& step) { nodes.push_back(step.node); });
    for (const CallCycles& node : trace_nodes(core, blob, inputs[0], nodes, options.stall_seconds))
      result.node_cycles.push_back(node.cycles);
  }
  return result;
}

std::string run_firmware(Core core, const std::string& elf, const std::string& folder, int timeout_seconds) {
  const QemuMachine& machine = machine_of(core);
  if (find_in_path(machine.program).empty()) throw Error(missing_program(machine));
  if (!std::filesystem::is_regular_file(elf)) throw Error("there is no firmware " + elf);
  const TemporaryFolder temporary;
  const std::filesystem::path console = temporary.path() / "console.txt";
  ChildProcess process(command_line(core, std::filesystem::absolute(elf).string()), folder, console);
  const std::optional<int> status = process.wait(timeout_seconds);
  process.kill();
  std::string text = read_text(console);
  if (!status) throw Error(elf + " did not end in " + std::to_string(timeout_seconds) + " s: " + text);
  if (*status != 0) throw Error(elf + " ended with status " + std::to_string(*status) + ": " + text);
  return text;
}

}  // namespace intact
