// No row of the recorded table may grow by more than 2 %. After a wanted change: scripts/mcu_bench.sh
// --record
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <thread>

#include "core/atomic_file.h"
#include "core/error.h"
#include "mcu/instruction_record.h"
#include "mcu/ordered_workers.h"

namespace intact::benchmarks {
namespace {

constexpr double kMostGrowth = 0.02;

InstructionRecord recorded() {
  const std::vector<std::uint8_t> bytes = read_file(INTACT_INSTRUCTION_RECORD, 1 << 24);
  return parse_record(std::string(bytes.begin(), bytes.end()));
}

Row row_of(const std::string& core, int bits, std::uint64_t instructions) {
  Row row;
  row.core = core;
  row.layer = "layer";
  row.weight_bits = row.activation_bits = bits;
  row.kernel = "dense";
  row.instructions = instructions;
  return row;
}

TEST(InstructionRecordTest, ChangesAreFound) {
  const InstructionRecord record{{{"arm", "12.2"}, {"riscv", "12"}},
                                 {row_of("cortex-m4", 8, 1000), row_of("rv32", 8, 500)}};
  const std::map<std::string, std::string> here{{"arm", "12.2"}, {"riscv", "13"}};
  const RowChange more = change_of(record, here, row_of("cortex-m4", 8, 1021));
  EXPECT_TRUE(more.known && more.comparable);
  EXPECT_GT(more.growth, kMostGrowth);
  EXPECT_LT(change_of(record, here, row_of("cortex-m4", 8, 1019)).growth, kMostGrowth);
  EXPECT_LT(change_of(record, here, row_of("cortex-m4", 8, 500)).growth, 0);
  EXPECT_FALSE(change_of(record, here, row_of("cortex-m4", 4, 1000)).known);
  const RowChange other = change_of(record, here, row_of("rv32", 8, 5000));
  EXPECT_TRUE(other.known);
  EXPECT_FALSE(other.comparable);
}

TEST(InstructionRecordTest, TextRoundTrips) {
  const InstructionRecord record{{{"arm", "a \"b\""}}, {row_of("cortex-m0", 2, 12345678901)}};
  const InstructionRecord back = parse_record(to_text(record));
  EXPECT_EQ(back.compilers, record.compilers);
  ASSERT_EQ(back.rows.size(), 1U);
  EXPECT_EQ(to_json(back.rows[0]), to_json(record.rows[0]));
  EXPECT_THROW(parse_record("{}"), Error);
  EXPECT_THROW(parse_record("rows"), Error);
}

TEST(OrderedWorkersTest, ResultsComeInOrderAndExceptionsArrive) {
  for (const int jobs : {1, 4}) {
    std::vector<std::size_t> order;
    in_order(
        50, jobs, [](std::size_t) {}, [&](std::size_t i) { order.push_back(i); });
    ASSERT_EQ(order.size(), 50U);
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
    order.clear();
    EXPECT_THROW(in_order(
                     50, jobs,
                     [](std::size_t i) {
                       if (i == 20) throw Error("twenty");
                     },
                     [&](std::size_t i) { order.push_back(i); }),
                 Error);
    EXPECT_LE(order.size(), 20U);
  }
}

TEST(InstructionsTest, NoRowGrows) {
  const InstructionRecord record = recorded();
  const std::map<std::string, std::string> here = compilers();
  std::vector<Task> tasks = recorded_tasks();
  std::erase_if(tasks, [](const Task& task) { return !missing_for(task.core).empty(); });
  if (tasks.empty()) GTEST_SKIP() << missing_for(Core::kCortexM4);
  const int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  measure_all(tasks, {}, jobs, [&](const Row& row) {
    const std::string name = row.core + " " + row.layer + " W" + std::to_string(row.weight_bits) + "A" +
                             std::to_string(row.activation_bits);
    const RowChange change = change_of(record, here, row);
    EXPECT_TRUE(change.known) << name << " is not in the table: scripts/mcu_bench.sh --record";
    if (!change.known) return;
    if (change.comparable) {
      EXPECT_LE(change.growth, kMostGrowth)
          << name << ": " << row.instructions << " instructions with " << row.kernel;
    } else if (change.growth > kMostGrowth) {
      std::printf("%s: %+.1f %% instructions, with another compiler than the table's\n", name.c_str(),
                  100 * change.growth);
    }
  });
}

TEST(InstructionsTest, TheTableHoldsTheTasks) {
  EXPECT_EQ(recorded().rows.size(), recorded_tasks().size());
}

}  // namespace
}  // namespace intact::benchmarks
