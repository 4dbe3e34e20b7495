// Records of a blob whose structure the runtime has accepted, back to the graph's structs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "exporters/blob/blob_reader.h"

namespace intact {

// All spans are the sections' bytes.
void read_tensors(std::span<const std::uint8_t> section, std::size_t count, Lowered& lowered);
// Needs the tensors. Throws Error when the weights of all nodes together unpack to more than a host tool
// takes.
void read_nodes(std::span<const std::uint8_t> section, std::size_t count,
                std::span<const std::uint8_t> params, Lowered& lowered);
// Needs the nodes.
void read_kernels(std::span<const std::uint8_t> section, Lowered& lowered);
void read_streams(std::span<const std::uint8_t> section, std::size_t count, Lowered& lowered);
// Throws Error when the records do not fill the section exactly.
std::vector<std::string> read_names(std::span<const std::uint8_t> section, std::size_t count);
std::vector<GoldenVector> read_golden(std::span<const std::uint8_t> section, std::size_t count,
                                      const Graph& graph);

}  // namespace intact
