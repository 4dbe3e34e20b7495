// Instructions that were counted once, for the regression test: counts are deterministic for a compiler's
// version.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mcu/measure.h"

namespace intact::benchmarks {

struct InstructionRecord {
  std::map<std::string, std::string> compilers;  // "arm" and "riscv": as compilers()
  std::vector<Row> rows;                         // core, layer, bits, kernel and instructions alone matter
};

// What the firmware here was built with, in the compilers' own words; empty: none.
std::map<std::string, std::string> compilers();
// "arm" or "riscv".
std::string compiler_family(std::string_view core);

// A part of the benchmark that runs in a minute.
std::vector<Task> recorded_tasks();

std::string to_text(const InstructionRecord& record);
InstructionRecord parse_record(const std::string& text);  // throws Error

// How a measured row stands to the record.
struct RowChange {
  bool known = false;       // there is such a row
  bool comparable = false;  // and the same compiler made it
  double growth = 0;        // 0.02: 2 % more instructions
};
RowChange change_of(const InstructionRecord& record, const std::map<std::string, std::string>& here,
                    const Row& measured);

}  // namespace intact::benchmarks
