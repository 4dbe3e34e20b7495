// A blob that stays in the repository: what was written as format 1.0 must be read and must run for good.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/atomic_file.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/blob/runtime_model.h"

namespace intact {
namespace {

std::vector<std::uint8_t> golden_blob() {
  return read_file(std::filesystem::path(INTACT_SOURCE_DIR) / "tests/exporters/data/format_1_0.blob",
                   1 << 20);
}

TEST(Format10Test, PassesItsSelfTest) {
  RuntimeModel runtime(golden_blob());
  intact_mismatch first{};
  EXPECT_EQ(intact_selftest(runtime.get(), &first), INTACT_OK)
      << "vector " << first.vector << ", node " << first.node;
}

TEST(Format10Test, IsReadWithItsHash) {
  const BlobContents contents = read_blob(golden_blob());
  EXPECT_EQ(contents.major, 1);
  EXPECT_EQ(contents.minor, 0);
  EXPECT_TRUE(contents.has_names);
  EXPECT_EQ(to_hex(contents.state_hash), "412a29b90e4f8f312f0b9b2d7a80a101");
  EXPECT_EQ(hash_graph(contents.lowered.graph), contents.state_hash);
}

// It is worth keeping only while it holds every operation, layout and kind of grid.
TEST(Format10Test, HoldsEverythingOfTheFormat) {
  const BlobContents contents = read_blob(golden_blob());
  std::set<Op> operations;
  std::set<WeightLayout> layouts;
  std::set<GridKind> kinds;
  bool residual = false;
  for (std::size_t i = 0; i < contents.lowered.graph.nodes.size(); ++i) {
    const IntState& state = contents.lowered.graph.nodes[i].state;
    operations.insert(state.op);
    residual = residual || state.residual;
    if (state.op == Op::kConv) layouts.insert(contents.lowered.nodes[i].layout);
  }
  for (const TensorInfo& tensor : contents.lowered.graph.tensors) kinds.insert(tensor.grid.kind);
  EXPECT_EQ(operations.size(), 4U);
  EXPECT_EQ(layouts.size(), 2U);
  EXPECT_EQ(kinds.size(), 4U);
  EXPECT_TRUE(residual);
}

}  // namespace
}  // namespace intact
