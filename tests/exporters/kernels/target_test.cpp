#include "exporters/kernels/target.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "firmware/qemu_runner.h"

namespace intact {
namespace {

TEST(TargetTest, NamesRoundTrip) {
  for (const Target target : kAllTargets) EXPECT_EQ(parse_target(to_string(target)), target);
}

TEST(TargetTest, AnUnknownNameListsTheKnown) {
  try {
    parse_target("z80");
    FAIL();
  } catch (const Error& error) {
    const std::string text = error.what();
    for (const Target target : kAllTargets)
      EXPECT_NE(text.find(to_string(target)), std::string::npos) << text;
    EXPECT_NE(text.find("z80"), std::string::npos);
  }
}

TEST(TargetTest, EveryCoreHasOne) {
  for (const Core core : kAllCores) EXPECT_NO_THROW(target_of_core(to_string(core)));
  EXPECT_EQ(target_of_core("cortex-m0"), Target::kCortexM0);
  EXPECT_EQ(target_of_core("cortex-m3"), Target::kCortexM3);
  EXPECT_EQ(target_of_core("cortex-m4"), Target::kCortexM4);
  EXPECT_EQ(target_of_core("cortex-m7"), Target::kCortexM4);
  EXPECT_EQ(target_of_core("cortex-m33"), Target::kCortexM4);
  EXPECT_EQ(target_of_core("cortex-m55"), Target::kCortexM55);
  EXPECT_EQ(target_of_core("rv32"), Target::kRv32);
  EXPECT_EQ(target_of_core("generic"), Target::kGeneric);
  EXPECT_THROW(target_of_core("cortex-a53"), Error);
}

}  // namespace
}  // namespace intact
