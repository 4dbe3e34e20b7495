// The C runtime on this machine, one model with its arena.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/intact.h"

namespace intact {

class HostRuntime {
 public:
  // Copies the blob (the runtime wants it aligned). Throws Error with the runtime's status if it is refused.
  explicit HostRuntime(std::span<const std::uint8_t> blob);

  HostRuntime(const HostRuntime&) = delete;
  HostRuntime& operator=(const HostRuntime&) = delete;

  // Throws Error naming the first vector and node that differ.
  void selftest();

  // Runs one input (height, width, channel). keep: called after each node with its index and output while it is valid.
  template <typename Keep>
  void run(std::span<const std::uint8_t> input, Keep keep) {
    set_input(input);
    for (std::uint32_t i = 0; i < model_.node_count; ++i) {
      intact_run_node(&model_, i);
      intact_tensor out;
      intact_node_output(&model_, i, &out);
      keep(i, out);
    }
  }

  std::uint32_t argmax() const { return intact_argmax(&model_); }
  std::size_t input_bytes() const { return intact_input(&model_).bytes; }
  intact_tensor input() const { return intact_input(&model_); }
  intact_tensor output() const { return intact_output(&model_); }
  std::uint32_t node_count() const { return model_.node_count; }

 private:
  void set_input(std::span<const std::uint8_t> input);

  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  std::vector<Block> blob_, arena_;
  intact_model model_{};
};

// Logical values of a tensor, height, width, channel, into `to` (as many as it has elements).
void unpack_values(const intact_tensor& tensor, std::int32_t* to);

}  // namespace intact
