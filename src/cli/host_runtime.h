// The C runtime on this machine: inputs in, every node's output out.
#pragma once

#include <cstdint>
#include <span>

#include "exporters/blob/runtime_model.h"
#include "firmware/step_outputs.h"
#include "runtime/intact.h"

namespace intact {

class HostRuntime {
 public:
  // Throws Error with the runtime's status if the blob is damaged or refused.
  explicit HostRuntime(std::span<const std::uint8_t> blob);

  // Throws Error naming the first vector and node that differ.
  void selftest();

  // Runs one input (height, width, channel). keep: called with each node's index and whole output while it is
  // valid, nodes ascending.
  template <typename Keep>
  void run(std::span<const std::uint8_t> input, Keep keep) {
    set_input(input);
    run_steps(*model_.get(), keep);
  }

  std::uint32_t argmax() const { return intact_argmax(&model_.model()); }
  std::size_t input_bytes() const { return intact_input(&model_.model()).bytes; }
  intact_tensor input() const { return intact_input(&model_.model()); }
  intact_tensor output() const { return intact_output(&model_.model()); }
  std::uint32_t node_count() const { return model_.model().node_count; }

 private:
  void set_input(std::span<const std::uint8_t> input);

  RuntimeModel model_;
};

// Logical values of a tensor, height, width, channel, into `to` (as many as it has elements).
void unpack_values(const intact_tensor& tensor, std::int32_t* to);

}  // namespace intact
