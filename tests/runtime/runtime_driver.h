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
    for (std::uint32_t i = 0; i < model_.node_count; ++i) {
      EXPECT_EQ(intact_run_node(&model_, i), INTACT_OK);
      intact_tensor t;
      EXPECT_EQ(intact_node_output(&model_, i, &t), INTACT_OK);
      const TensorSpec& spec = network.tensor(static_cast<int>(i) + 1);
      EXPECT_EQ(t.bytes, tensor_bytes(spec));
      values.push_back(unpack_tensor(spec, t.data));
      // Padding bits are zero: packing the logical values again gives the same bytes.
      EXPECT_EQ(pack_tensor(spec, values.back()), std::vector<std::uint8_t>(t.data, t.data + t.bytes));
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
