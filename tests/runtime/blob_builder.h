// Bytes of docs/FORMAT.md from a network spec, written from that page alone: a second implementation beside
// the exporter's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aligned_bytes.h"
#include "network_spec.h"

namespace intact::testing {

// FORMAT section 11.
struct KernelSpec {
  std::uint16_t kernel = 0, parameter = 0;
};

// FORMAT section 12.
struct StreamSpec {
  std::uint32_t first = 0, last = 0, rows = 0;
};

struct BlobOptions {
  bool names = false;
  std::vector<std::vector<std::uint8_t>> golden_inputs =
      {};  // checksums and outputs come from the naive network
  // Arena offset per tensor; empty: every tensor has memory of its own, then the scratch of all nodes.
  std::vector<std::uint32_t> tensor_offsets = {};
  std::uint32_t scratch_offset = 0;      // with tensor_offsets
  std::uint32_t more_scratch = 0;        // of convolutions, beyond the least; a multiple of 16
  std::vector<KernelSpec> kernels = {};  // KERNELS, one per node; empty: no such section
  std::vector<StreamSpec> streams = {};  // STREAMS; empty: no such section
  // Per tensor, rows that there is memory for; 0, or empty: all.
  std::vector<std::uint32_t> tensor_rows = {};
};

struct Blob {
  AlignedBytes bytes;
  // Offsets in bytes, for tests that change a field.
  std::uint32_t tensors = 0, nodes = 0, params = 0, names = 0, golden = 0, kernels = 0, streams = 0;
  std::uint32_t arena = 0;

  void put8(std::size_t at, std::uint32_t value);
  void put16(std::size_t at, std::uint32_t value);
  void put32(std::size_t at, std::uint32_t value);
  std::uint32_t get32(std::size_t at) const;
  std::size_t tensor_field(std::size_t index, std::size_t field) const {
    return tensors + index * 48 + field;
  }
  std::size_t node_field(std::size_t index, std::size_t field) const { return nodes + index * 128 + field; }
  void fix_crc();
};

Blob build_blob(const NetworkSpec& network, const BlobOptions& options = {});

// Packs logical values as a tensor of the arena, and back.
std::vector<std::uint8_t> pack_tensor(const TensorSpec& tensor, const Values& values);
Values unpack_tensor(const TensorSpec& tensor, const std::uint8_t* bytes);
std::size_t tensor_bytes(const TensorSpec& tensor);

std::uint32_t crc32_of(const std::uint8_t* data, std::size_t size);  // zlib's

}  // namespace intact::testing
