#include "exporters/passes/plan_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "exporters/passes/passes.h"
#include "sample_graphs.h"

namespace intact {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// input 64 bytes, a 256, b 256, sum 256: every place by hand.
class PlanCheckTest : public ::testing::Test {
 protected:
  PlanCheckTest() {
    test::GraphBuilder b({8, 8, 1});
    const int a = b.conv("a", 0, 4, Grid::unsigned_grid(8));
    const int c = b.conv("b", a, 4, Grid::unsigned_grid(8));
    b.add("sum", {a, c}, Grid::unsigned_grid(8));
    lowered_.graph = b.graph();
    choose_kernels(lowered_);
    lowered_.tensor_offsets = {256, 0, 256, 512};
    lowered_.nodes[0].scratch_offset = 320;
    lowered_.nodes[1].scratch_offset = 512;
    lowered_.arena_bytes = 768;
  }

  void refused(const char* node, const char* what) {
    EXPECT_THAT([this] { check_plan(lowered_); },
                ThrowsMessage<Error>(AllOf(HasSubstr(node), HasSubstr(what))));
  }

  Lowered lowered_;
};

TEST_F(PlanCheckTest, AcceptsAPlanByHand) {
  EXPECT_NO_THROW(check_plan(lowered_));
}

TEST_F(PlanCheckTest, AcceptsTheSumInPlaceOfEitherOperand) {
  lowered_.tensor_offsets[3] = 0;
  EXPECT_NO_THROW(check_plan(lowered_));
  lowered_.tensor_offsets[3] = 256;
  EXPECT_NO_THROW(check_plan(lowered_));
}

TEST_F(PlanCheckTest, RefusesATensorOutsideTheArena) {
  lowered_.arena_bytes = 752;
  refused("sum", "outside the arena");
}

TEST_F(PlanCheckTest, RefusesAMisalignedTensor) {
  lowered_.tensor_offsets[2] = 264;
  refused("b", "multiple of 16");
}

TEST_F(PlanCheckTest, RefusesAMisalignedArena) {
  lowered_.arena_bytes = 776;
  refused("arena", "multiple of 16");
}

TEST_F(PlanCheckTest, RefusesAConvolutionInPlace) {
  lowered_.tensor_offsets[0] = 0;
  refused("node a", "overlaps input input");
}

TEST_F(PlanCheckTest, RefusesAShiftedOverlapOfAnAdd) {
  lowered_.tensor_offsets[3] = 16;
  refused("node sum", "overlaps input a");
}

TEST_F(PlanCheckTest, RefusesWiderElementsInPlace) {
  lowered_.graph.tensors[1].grid = Grid::unsigned_grid(4);
  lowered_.tensor_offsets = {256, 512, 256, 512};
  lowered_.nodes[1].scratch_offset = 0;
  lowered_.arena_bytes = 1024;
  refused("node sum", "overlaps input a");
}

TEST_F(PlanCheckTest, RefusesATensorOverwrittenBeforeItsLastReader) {
  test::GraphBuilder b({8, 8, 1});
  const int a = b.conv("a", 0, 4, Grid::unsigned_grid(8));
  const int c = b.conv("b", a, 4, Grid::unsigned_grid(8));
  const int d = b.conv("c", c, 4, Grid::unsigned_grid(8));  // lies on a
  b.add("sum", {a, d}, Grid::unsigned_grid(8));
  lowered_.graph = b.graph();
  lowered_.nodes.clear();
  choose_kernels(lowered_);
  lowered_.tensor_offsets = {256, 0, 256, 0, 512};
  for (NodePlan& plan : lowered_.nodes) plan.scratch_offset = plan.scratch_bytes > 0 ? 768 : 0;
  lowered_.arena_bytes = 1024;
  refused("node sum", "input a was overwritten");
}

TEST_F(PlanCheckTest, RefusesScratchOnALivingTensor) {
  lowered_.nodes[1].scratch_offset = 0;
  refused("node b", "scratch overlaps input a");
  lowered_.nodes[1].scratch_offset = 256;
  refused("node b", "scratch overlaps the output");
}

TEST_F(PlanCheckTest, RefusesScratchThatOverwritesATensorNeededLater) {
  test::GraphBuilder b({8, 8, 1});
  const int a = b.conv("a", 0, 4, Grid::unsigned_grid(8));
  const int c = b.conv("b", 0, 4, Grid::unsigned_grid(8));
  b.add("sum", {a, c}, Grid::unsigned_grid(8));
  lowered_.graph = b.graph();
  lowered_.tensor_offsets[0] = 768;
  lowered_.arena_bytes = 1024;
  lowered_.nodes[1].scratch_offset = 0;  // on a, which node b does not read
  refused("node sum", "input a was overwritten");
}

TEST_F(PlanCheckTest, RefusesTooLittleScratch) {
  lowered_.nodes[1].scratch_bytes = 0;
  refused("node b", "scratch too small");
}

TEST_F(PlanCheckTest, RefusesScratchOutsideTheArena) {
  lowered_.nodes[1].scratch_offset = 768;
  refused("node b", "outside the arena");
}

TEST_F(PlanCheckTest, RefusesAnIncompletePlan) {
  lowered_.tensor_offsets.pop_back();
  refused("memory plan", "one offset per tensor");
}

}  // namespace
}  // namespace intact
