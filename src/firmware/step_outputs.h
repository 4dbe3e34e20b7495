// Whole outputs of nodes out of the steps of a run (runtime/intact.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "runtime/intact.h"

namespace intact {

class StepOutputs {
 public:
  // Gets each node's output once, nodes ascending; the memory is valid during the call.
  using Sink = std::function<void(std::uint32_t node, const intact_tensor& output)>;

  // Of node `first` and later ones. The model must outlive this.
  StepOutputs(const intact_model& model, Sink sink, std::uint32_t first = 0)
      : model_(model), sink_(std::move(sink)), next_(first) {}

  // Each step of those nodes in one run, in its order, with the rows that it has made.
  void add(const intact_step& step, const intact_tensor& rows);

 private:
  struct Gathered {
    intact_tensor output{};
    std::vector<std::uint8_t> bytes;
  };

  const intact_model& model_;
  Sink sink_;
  std::uint32_t next_;                         // node that the sink gets next
  std::map<std::uint32_t, Gathered> pending_;  // incomplete, or behind an incomplete one
};

// Runs all steps on the input in the arena.
void run_steps(intact_model& model, const StepOutputs::Sink& sink);

}  // namespace intact
