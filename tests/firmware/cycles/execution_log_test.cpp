// The parts of QEMU's log that the cycle model reads.
#include "firmware/cycles/execution_log.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/error.h"

namespace intact::testing {
namespace {

constexpr std::string_view kLog =
    "----------------\n"
    "IN: main\n"
    "0x00000b48:  b508       push     {r3, lr}\n"
    "0x00000b4a:  f04f 23e0  mov.w    r3, #-0x1fff2000\n"
    "\n"
    "Trace 0: 0x7fdfd8000100 [00800408/00000b48/00000110/ff000200] main\n"
    "----------------\n"
    "IN: loop\n"
    "0x10000000:  3801       subs     r0, #1\n"
    "0x10000002:  d1fd       bne      #0x10000000\n"
    "\n"
    "Trace 0: 0x7fdfd8000200 [00800408/10000000/00000110/ff000200] loop\n"
    "Stopped execution of TB chain before 0x7fdfd8000200 [10000000] loop\n"
    "Trace 0: 0x7fdfd8000200 [00800408/10000000/00000110/ff000200] loop\n"
    "Trace 0: 0x7fdfd8000200 [00800408/10000000/00000110/ff000200] loop\n"
    "Linking TBs 0x1 index 0 -> 0x2\n"
    "----------------\n"
    "IN: main\n"
    "0x00000b48:  b508       push     {r3, lr}\n"
    "\n"
    "Trace 0: 0x7fdfd8000300 [00800408/00000b48/00000110/ff000200] main\n";

const std::vector<ExecutedBlock> kBlocks = {
    {0xb48, 0xb4a}, {0x10000000, 0x10000002}, {0x10000000, 0x10000002}, {0xb48, 0xb48}};

TEST(ExecutionLog, BlocksAsTheyRan) {
  for (std::size_t part = 1; part <= kLog.size(); part += part < 100 ? 1 : 97) {
    std::vector<ExecutedBlock> blocks;
    ExecutionLog log([&](const ExecutedBlock& b) { blocks.push_back(b); });
    for (std::size_t at = 0; at < kLog.size(); at += part) log.append(kLog.substr(at, part));
    log.finish();
    EXPECT_EQ(blocks, kBlocks) << "in parts of " << part;
  }
}

TEST(ExecutionLog, BlocksWithoutAListingAreErrors) {
  ExecutionLog log([](const ExecutedBlock&) {});
  log.append("OBJD-T: 0138fdd1\nTrace 0: 0x7fdfd8000200 [00800408/10000000/00000110/ff000200] loop\n");
  EXPECT_THROW(log.finish(), Error);
}

TEST(ExecutionLog, DamagedLinesAreErrors) {
  for (const char* line : {"Trace 0: 0x7fdfd8000200\n", "Trace 0: 0x7f [00800408]\n",
                           "Trace 0: 0x7f [0/zz/0]\n", "IN: f\n0xq: nop\n"}) {
    ExecutionLog log([](const ExecutedBlock&) {});
    EXPECT_THROW(log.append(line), Error) << line;
  }
}

}  // namespace
}  // namespace intact::testing
