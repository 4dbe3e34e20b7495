// Runs blobs through the C runtime and reads tensors back by the test's own unpacking.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "blob_builder.h"
#include "runtime/intact.h"

namespace intact::testing {

// A blob bound to an arena of its own of exactly the bytes that the blob asks for, filled with a pattern.
class BoundModel {
 public:
  explicit BoundModel(const Blob& blob, std::uint64_t max_work = INTACT_NO_WORK_LIMIT)
      : blob_(blob), arena_(blob.arena, 0xa5) {
    if (arena_.empty()) arena_.resize(16);
    status_ =
        intact_init(&model_, blob_.bytes.data(), blob_.bytes.size(), arena_.data(), blob_.arena, max_work);
  }
  BoundModel(const BoundModel&) = delete;
  BoundModel& operator=(const BoundModel&) = delete;

  intact_status status() const { return status_; }
  intact_model* get() { return &model_; }

  void set_input(const std::vector<std::uint8_t>& input) {
    const intact_tensor t = intact_input(&model_);
    ASSERT_EQ(t.bytes, input.size());
    std::copy(input.begin(), input.end(), t.data);
  }

  // Logical values of all tensors in `network`, each taken right after its node ran.
  std::vector<Values> run(const NetworkSpec& network, const std::vector<std::uint8_t>& input) {
    set_input(input);
    std::vector<Values> values{Values(input.begin(), input.end())};
    values.resize(model_.node_count + std::size_t{1});
    intact_step step;
    for (int more = intact_first_step(&model_, &step); more != 0; more = intact_next_step(&model_, &step)) {
      intact_run_step(&model_, &step);
      const intact_tensor t = intact_step_output(&model_, &step);
      const TensorSpec& whole = network.tensor(static_cast<int>(step.node) + 1);
      const TensorSpec spec = whole.shaped(step.rows.end - step.rows.first, whole.width, whole.channels);
      EXPECT_EQ(t.bytes, tensor_bytes(spec));
      const Values rows = unpack_tensor(spec, t.data);
      // Padding bits are zero: packing the logical values again gives the same bytes.
      EXPECT_EQ(pack_tensor(spec, rows), std::vector<std::uint8_t>(t.data, t.data + t.bytes));
      values[step.node + 1].insert(values[step.node + 1].end(), rows.begin(), rows.end());
    }
    return values;
  }

 private:
  Blob blob_;
  AlignedBytes arena_;
  intact_model model_{};
  intact_status status_;
};

}  // namespace intact::testing
