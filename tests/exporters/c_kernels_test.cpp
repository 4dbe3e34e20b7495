// The C source with just a model's kernels: what it refers to, and what a linker keeps of the runtime for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "core/atomic_file.h"
#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/c/c_array.h"
#include "exporters/c/kernel_list.h"
#include "exporters/c/kernel_references.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/kernels/kernel_options.h"
#include "exporters/passes/pass.h"
#include "firmware/qemu_runner.h"
#include "firmware/temporary_folder.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using ::testing::HasSubstr;
using ::testing::Not;

Bytes blob_with_golden(const Graph& graph, const LowerOptions& options) {
  const Lowered lowered = lower(graph, options);
  return write_blob(lowered, {true, choose_golden_inputs(lowered.graph, 4, 1, {}), ""});
}

TEST(KernelReferencesTest, AreTheRuntimesTable) {
  std::set<std::uint16_t> host;
  for (const KernelReference& reference : kernel_references()) {
    EXPECT_TRUE(host.insert(reference.kernel).second) << reference.macro;
    EXPECT_EQ(kernel_name(reference.kernel), reference.symbol.substr(std::string("intact_conv_").size()));
    if (reference.condition.empty()) {
      EXPECT_NE(intact_all_kernels.conv[reference.kernel], nullptr);
    }
  }
  for (std::uint16_t kernel = 0; kernel < INTACT_CONV_KERNELS; ++kernel) {
    if (intact_all_kernels.conv[kernel] != nullptr) {
      EXPECT_TRUE(host.contains(kernel)) << kernel;
    }
  }
  EXPECT_THROW(kernel_reference(INTACT_CONV_KERNELS), Error);
}

TEST(KernelListTest, NamesWhatTheNodesNeedAndNoMore) {
  Lowered lowered = lower(test::branching_graph());
  const std::string portable = kernel_list(read_blob(write_blob(lowered, {})), "mine");
  EXPECT_THAT(portable, HasSubstr("const intact_kernel_set mine = {"));
  EXPECT_THAT(portable, HasSubstr("[INTACT_CONV_DENSE] = &intact_conv_dense,"));
  EXPECT_THAT(portable, Not(HasSubstr("#if")));
  EXPECT_THAT(portable, Not(HasSubstr("xnor")));
  EXPECT_THAT(portable, HasSubstr("intact_add_run,\n    0,\n    intact_max_pool,\n"));
}

// A named kernel is there where its condition holds, its stand-in where not.
TEST(KernelListTest, StandIns) {
  Lowered lowered = lower(test::branching_graph());
  for (NodePlan& plan : lowered.nodes) plan.kernel = {INTACT_CONV_DIRECT16, 0};
  lowered.nodes[3].kernel = {};  // the add
  const std::string list = kernel_list(read_blob(write_blob(lowered, {})), "mine");
  EXPECT_THAT(list, HasSubstr("#if INTACT_ISA_ARMV7EM\n"
                              "        [INTACT_CONV_DIRECT16] = &intact_conv_direct16,\n#endif\n"));
  EXPECT_THAT(list, HasSubstr("#if !(INTACT_ISA_ARMV7EM)\n"
                              "        [INTACT_CONV_DENSE] = &intact_conv_dense,\n#endif\n"));
  lowered.nodes[0].kernel = {};
  EXPECT_THAT(kernel_list(read_blob(write_blob(lowered, {})), "mine"), Not(HasSubstr("#if !")));
}

TEST(KernelListTest, WithoutConvolutions) {
  test::GraphBuilder b({4, 4, 3});
  b.max_pool("pool", 0);
  const std::string list = kernel_list(read_blob(write_blob(lower(b.graph()), {})), "mine");
  EXPECT_EQ(list,
            "const intact_kernel_set mine = {\n    {\n        0,\n    },\n    0,\n    0,\n    "
            "intact_max_pool,\n};\n");
}

constexpr const char* kMain = R"(#include "firmware/semihosting.h"
#include "model.h"
#include "runtime/intact.h"

static uint8_t arena[MODEL_ARENA_BYTES] __attribute__((aligned(16)));
int main(void) {
  intact_model m;
  const intact_status status = intact_init_with(&m, model, sizeof model, arena, sizeof arena, INTACT_NO_WORK_LIMIT, &model_kernels);
  if (status == INTACT_OK) semihosting_print(intact_status_name(intact_selftest(&m, 0)));
  else semihosting_print(intact_status_name(status));
  return status;
}
)";

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");  // NOLINT: a test's own command
  if (pipe == nullptr) return "";
  std::string text;
  char part[4096];
  std::size_t got = 0;
  while ((got = std::fread(part, 1, sizeof part, pipe)) != 0) text.append(part, got);
  EXPECT_EQ(::pclose(pipe), 0) << command << "\n" << text;
  return text;
}

class LinkedKernels : public ::testing::TestWithParam<Core> {
 protected:
  void SetUp() override {
    if (const std::string missing = missing_for(GetParam()); !missing.empty()) GTEST_SKIP() << missing;
  }

  // Builds a firmware of the model and returns the functions and objects in it.
  std::string link(const Bytes& blob) {
    const CArray source = blob_to_c(blob, "model", "model.h", CFormat::kWithKernels);
    atomic_write_file(folder_.path() / "model.h", source.header);
    atomic_write_file(folder_.path() / "model.c", source.source);
    atomic_write_file(folder_.path() / "main.c", std::string_view(kMain));
    const std::string core(to_string(GetParam()));
    output_of("cd '" + folder_.path().string() + "' && sh '" INTACT_TEST_FIRMWARE_DIR "/link-" + core +
              ".sh' -I. main.c model.c -o model.elf");
    return output_of("nm '" + elf() + "'");
  }
  std::string elf() const { return (folder_.path() / "model.elf").string(); }

  TemporaryFolder folder_;
};

// Over networks exported for every target: each firmware runs its golden vectors, and holds the planning
// functions of just the kernels that its list names on this core.
TEST_P(LinkedKernels, AreTheModelsAlone) {
  for (const Target target : kAllTargets) {
    LowerOptions options;
    options.target = target;
    const Bytes blob = blob_with_golden(test::random_graph(70 + static_cast<std::uint64_t>(target)), options);
    const std::string symbols = link(blob);
    EXPECT_EQ(run_firmware(GetParam(), elf(), folder_.path().string()), "INTACT_OK") << to_string(target);
    const std::string list = kernel_list(read_blob(blob), "model_kernels");
    EXPECT_THAT(symbols, Not(HasSubstr("intact_all_kernels")));
    EXPECT_THAT(symbols, HasSubstr("model_kernels"));
    for (const KernelReference& reference : kernel_references()) {
      if (list.find(std::string(reference.macro) + "]") == std::string::npos) {
        EXPECT_THAT(symbols, Not(HasSubstr(" " + std::string(reference.symbol) + "\n")));
      }
    }
  }
}

// A model of one kernel, exported for the core: no other one stays, the portable ones included.
TEST_P(LinkedKernels, OneKernelLeavesOutTheOthers) {
  test::GraphBuilder b({8, 8, 16});
  b.conv("only", 0, 16, Grid::unsigned_grid(8));
  LowerOptions options;
  options.target = target_of_core(to_string(GetParam()));
  const Lowered lowered = lower(b.graph(), options);
  const std::string symbols = link(blob_with_golden(b.graph(), options));
  EXPECT_EQ(run_firmware(GetParam(), elf(), folder_.path().string()), "INTACT_OK");
  for (const KernelReference& reference : kernel_references()) {
    const std::string line = " " + std::string(reference.symbol) + "\n";
    if (reference.kernel == lowered.nodes[0].kernel.kernel) {
      EXPECT_THAT(symbols, HasSubstr(line));
    } else {
      EXPECT_THAT(symbols, Not(HasSubstr(line)));
    }
  }
  EXPECT_THAT(symbols, Not(HasSubstr("intact_add_run")));
  EXPECT_THAT(symbols, Not(HasSubstr("intact_avg_pool")));
}

INSTANTIATE_TEST_SUITE_P(Cores, LinkedKernels, ::testing::ValuesIn(kAllCores), [](const auto& core) {
  std::string name(to_string(core.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace intact
