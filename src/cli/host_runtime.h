// The C runtime on this machine: inputs in, every node's output out.
#pragma once

#include <cstdint>
#include <span>

#include "exporters/blob/runtime_model.h"
#include "runtime/intact.h"

namespace intact {

class HostRuntime {
 public:
  // Throws Error with the runtime's status if the blob is damaged or refused.
  explicit HostRuntime(std::span<const std::uint8_t> blob);

  // Throws Error naming the first vector and node that differ.
  void selftest();

  // Runs one input (height, width, channel). keep: called after each node with its index and output while it
  // is valid.
  template <typename Keep>
  void run(std::span<const std::uint8_t> input, Keep keep) {
    set_input(input);
    for (std::uint32_t i = 0; i < model_.model().node_count; ++i) {
      intact_run_node(model_.get(), i);
      intact_tensor out;
      intact_node_output(model_.get(), i, &out);
      keep(i, out);
    }
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
