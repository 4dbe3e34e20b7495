// The arena of each of the zoo's networks is as small as the memory that is alive at once allows.
#include <gtest/gtest.h>

#include "exporters/passes/liveness.h"
#include "exporters/passes/pass.h"
#include "mcu/network_graph.h"

namespace intact {
namespace {

TEST(ZooArenaTest, ReachesTheLowerBound) {
  for (const char* name : {"plain_cnn", "residual_cnn", "depthwise_cnn", "lenet5", "resnet8", "ds_cnn"}) {
    for (const int bits : {8, 4, 2, 1}) {
      const Graph graph = benchmarks::network_graph(name, bits, bits, 1);
      for (const Target target : kAllTargets) {
        LowerOptions options;
        options.target = target;
        const Lowered lowered = lower(graph, options);
        EXPECT_EQ(lowered.arena_bytes, arena_lower_bound(lowered))
            << name << ", " << bits << " bits, " << to_string(target);
      }
    }
  }
}

}  // namespace
}  // namespace intact
