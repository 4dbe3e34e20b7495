// Modelled cycles of each call of one function, from the blocks that were executed.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "firmware/cycles/cortex_m4_timing.h"
#include "firmware/cycles/elf_image.h"
#include "firmware/cycles/execution_log.h"

namespace intact {

// From the function's first instruction to its return, the latter's refill included; what it calls is part of
// it.
struct CallCycles {
  std::uint64_t instructions = 0, cycles = 0;
  bool operator==(const CallCycles&) const = default;
};

class CallCycleCounter {
 public:
  CallCycleCounter(const ElfImage& image, const std::string& function, const CortexM4Timing& timing = {});

  // The next block in the order of execution. Throws Error where the flow is not that of the image's code.
  void add(const ExecutedBlock& block);

  // The calls that have returned.
  const std::vector<CallCycles>& calls() const { return calls_; }

 private:
  struct Priced {
    ThumbInstruction first, last;
    std::uint32_t end;                   // address behind it
    std::uint64_t instructions, cycles;  // without what comes before or after
  };

  const Priced& priced(const ExecutedBlock& block);
  ThumbInstruction instruction(std::uint32_t address) const;

  const ElfImage& image_;
  std::uint32_t function_;
  CortexM4Timing timing_;
  std::unordered_map<std::uint64_t, Priced> blocks_;  // by the first and last address
  const Priced* before_ = nullptr;                    // executed last
  bool inside_ = false;
  std::uint32_t return_address_ = 0;
  CallCycles call_;
  std::vector<CallCycles> calls_;
};

}  // namespace intact
