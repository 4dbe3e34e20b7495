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

struct StreamedArena {
  const char* network;
  int bits;
  std::uint32_t whole, streamed;  // bytes
};

// The table of docs/FIRMWARE.md. Generic target: kernels' scratch is the least that the format asks for.
TEST(ZooArenaTest, StreamsMakeItSmaller) {
  for (const StreamedArena& arena : {StreamedArena{"lenet5", 8, 5888, 2368},
                                     {"lenet5", 4, 3200, 1776},
                                     {"plain_cnn", 8, 31936, 10320},
                                     {"plain_cnn", 4, 16256, 5840},
                                     {"residual_cnn", 8, 6560, 5952},
                                     {"residual_cnn", 4, 4208, 3488},
                                     {"resnet8", 8, 33056, 21568},
                                     {"resnet8", 4, 20768, 12864},
                                     {"resnet20", 8, 25376, 20736},
                                     {"resnet20", 4, 15968, 11104},
                                     {"vgg_small", 8, 50752, 15936},
                                     {"vgg_small", 4, 25664, 8544},
                                     {"depthwise_cnn", 8, 9440, 6400},
                                     {"depthwise_cnn", 4, 4736, 3264},
                                     {"ds_cnn", 8, 16128, 16128},
                                     {"ds_cnn", 4, 8128, 8128},
                                     {"mobilenet", 8, 4720, 3056},
                                     {"mobilenet", 4, 2368, 1600}}) {
    const Graph graph = benchmarks::network_graph(arena.network, arena.bits, arena.bits, 1);
    LowerOptions options;
    EXPECT_EQ(lower(graph, options).arena_bytes, arena.whole) << arena.network << ", " << arena.bits;
    options.stream = true;
    const Lowered streamed = lower(graph, options);
    EXPECT_EQ(streamed.arena_bytes, arena.streamed) << arena.network << ", " << arena.bits;
    EXPECT_EQ(streamed.arena_bytes, arena_lower_bound(streamed)) << arena.network << ", " << arena.bits;
  }
}

}  // namespace
}  // namespace intact
