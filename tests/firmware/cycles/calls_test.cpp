// Loops whose cycles follow from the Cortex-M4's reference manual, run and priced. P = 2 here.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "core/error.h"
#include "firmware/cycles/trace_calls.h"
#include "firmware/temporary_folder.h"

namespace intact {

static void PrintTo(const CallCycles& c, std::ostream* os) {
  *os << c.instructions << " instructions, " << c.cycles << " cycles";
}

}  // namespace intact

namespace intact::testing {
namespace {

class Loops : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = missing_for(Core::kCortexM4);
    if (!missing.empty()) GTEST_SKIP() << missing;
  }

  static std::vector<CallCycles> calls(const std::string& function, std::size_t count,
                                       const CortexM4Timing& timing = {}) {
    const TemporaryFolder folder;
    return trace_calls(Core::kCortexM4, std::string(INTACT_TEST_FIRMWARE_DIR) + "/timing-cortex-m4.elf",
                       folder.path(), "timing_" + function, count, 60, timing);
  }
  static CallCycles call(const std::string& function) { return calls(function, 1).at(0); }
};

// Ten rounds of `body`: SUBS, BNE and nine refills; BX and its refill.
CallCycles rounds(std::uint64_t instructions, std::uint64_t cycles) {
  return {10 * (instructions + 2) + 1, 10 * (cycles + 2) + 9 * 2 + 3};
}

CallCycles operator+(CallCycles a, const CallCycles& b) {
  a.instructions += b.instructions;
  a.cycles += b.cycles;
  return a;
}

TEST_F(Loops, Processing) {
  EXPECT_EQ(call("additions"), rounds(4, 4));
  EXPECT_EQ(call("products"), rounds(5, 5));
}

TEST_F(Loops, LoadsOverlapUnlessTheAddressIsLoaded) {
  EXPECT_EQ(call("loads"), rounds(3, 2 + 1 + 1));
  EXPECT_EQ(call("pointer_chain"), rounds(3, 2 + 2 + 2));
}

TEST_F(Loops, StoresOverlapLoadsButNothingOverlapsThem) {
  // The manual's two examples; MOVS computes the first address.
  EXPECT_EQ(call("load_store"), (CallCycles{1, 1 + 1} + rounds(4, 3 + 3)));
  EXPECT_EQ(call("stores"), (CallCycles{1, 1} + rounds(3, 1 + 2 + 2)));
}

TEST_F(Loops, AnAddressJustComputedWaits) {
  EXPECT_EQ(call("address"), rounds(5, 1 + 3 + 1 + 1 + 2));
}

TEST_F(Loops, TransfersOfSeveralRegisters) {
  // PUSH of five registers 6; POP of five 6, which returns in place of BX.
  EXPECT_EQ(call("several"), (CallCycles{1, 6} + rounds(5, 3 + 3 + 4 + 5 + 2) + CallCycles{0, 6 - 1}));
}

TEST_F(Loops, Division) {
  EXPECT_EQ(call("division"), (CallCycles{1, 1} + rounds(1, 12)));
}

TEST_F(Loops, IfThenFoldsBehindA16BitInstruction) {
  EXPECT_EQ(call("condition"), rounds(7, (1 + 0 + 1) + (1 + 1 + 1 + 1)));
}

TEST_F(Loops, Branches) {
  // Rounds 10 to 4: CBZ, CMP, BLS not taken, B taken. Rounds 3 to 1: CBZ, CMP, BLS taken, NOP.
  EXPECT_EQ(call("branches"),
            (rounds(0, 0) + CallCycles{7 * 4 + 3 * 4, 7 * (1 + 1 + 1 + 3) + 3 * (1 + 1 + 3 + 1)}));
  // BL 3, MOVS 1, BX 3.
  EXPECT_EQ(call("calls"), (CallCycles{1, 3} + rounds(3, 3 + 1 + 3) + CallCycles{0, 3 - 1}));
  // AND 1; TBB 2, its refill, and 1 as its index was just computed; NOP in the even rounds.
  EXPECT_EQ(call("table"), (rounds(2, 1 + 2 + 2 + 1) + CallCycles{5, 5}));
}

TEST_F(Loops, StraightCodeIsPricedAcrossBlocks) {
  EXPECT_EQ(call("long"), rounds(700, 2 + 699));
}

TEST_F(Loops, EachCallByItself) {
  EXPECT_EQ(calls("leaf", 10), std::vector<CallCycles>(10, {2, 1 + 3}));
}

TEST_F(Loops, TheRefillIsAParameter) {
  CortexM4Timing timing;
  timing.refill = 3;
  const CallCycles short_refill = call("additions"), long_refill = calls("additions", 1, timing).at(0);
  EXPECT_EQ(long_refill.cycles, short_refill.cycles + 10);
}

TEST_F(Loops, MissingFunctionsAndCallsAreErrors) {
  EXPECT_THROW(calls("nothing", 1), Error);
  EXPECT_THROW(calls("leaf", 11), Error);
}

}  // namespace
}  // namespace intact::testing
