// Where a network spends its time on a core, layer by layer.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporters/blob/blob_reader.h"
#include "firmware/qemu_runner.h"

namespace intact {

struct LayerProfile {
  std::string name, operation;
  std::string kernel;  // of a convolution, as the blob names it
  std::int64_t macs = 0;
  std::uint64_t instructions = 0;
  std::optional<std::uint64_t> cycles;  // modelled (firmware/cycles), where the core has a model
  double share = 0;                     // of the network's cycles, without a model of its instructions
  std::uint64_t flash_bytes = 0;        // weights, multipliers, biases
  std::uint64_t scratch_bytes = 0;
  std::uint64_t arena_bytes = 0;  // tensors that live during the layer, and scratch
};

struct NetworkProfile {
  std::string core, blob, target;
  std::vector<LayerProfile> layers;
  std::int64_t macs = 0;
  std::uint64_t instructions = 0;  // the layers' sum, as all below but the last two
  std::optional<std::uint64_t> cycles;
  std::uint64_t flash_bytes = 0;  // the blob
  std::uint64_t arena_bytes = 0;
};

// Runs the blob's first golden input (without golden vectors, zeros) on the emulated core. `blob` and
// `target` stay empty. Throws Error as run_on_core does.
NetworkProfile profile_network(Core core, std::span<const std::uint8_t> blob, const BlobContents& contents);

std::string to_text(const NetworkProfile& profile);
nlohmann::ordered_json to_json(const NetworkProfile& profile);

}  // namespace intact
