#include "blob_builder.h"

#include <zlib.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "naive_network.h"

namespace intact::testing {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename Container>
void append(Container& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : 0);
}

template <typename Container>
void pad_to(Container& out, std::size_t multiple) {
  while (out.size() % multiple) out.push_back(0);
}

std::size_t pixel_bytes(const TensorSpec& t) {
  const std::size_t storage = static_cast<std::size_t>(t.storage());
  return storage == 1 ? (t.channels + 31) / 32 * 4 : (t.channels * storage + 7) / 8;
}

std::uint32_t pattern(Kind kind, std::int32_t code) {
  return kind == kBipolar ? (code > 0 ? 1U : 0U) : static_cast<std::uint32_t>(code);
}

// Codes, least significant bits first.
void put_bits(Bytes& out, std::size_t bit, std::uint32_t code, int width) {
  for (int j = 0; j < width; ++j) {
    if (code >> j & 1U) {
      const std::size_t at = bit + static_cast<std::size_t>(j);
      out[at / 8] = static_cast<std::uint8_t>(out[at / 8] | 1U << (at % 8));
    }
  }
}

int weight_storage(const NodeSpec& n) {
  return n.weight_bits <= 2 ? n.weight_bits : n.weight_bits <= 4 ? 4 : 8;
}

Bytes pack_weights(const NodeSpec& n, std::size_t channels_out, std::size_t group_in) {
  const Kind kind = n.weight_bits == 1 ? kBipolar : kSigned;
  const auto storage = static_cast<std::size_t>(weight_storage(n));
  const std::size_t positions = static_cast<std::size_t>(n.kernel_h) * static_cast<std::size_t>(n.kernel_w);
  const std::size_t taps = positions * group_in;
  const std::size_t tap_bytes = (group_in + 31) / 32 * 4;
  const std::size_t row = n.layout == 1 ? positions * tap_bytes : (taps * storage + 7) / 8;
  Bytes out(channels_out * row);
  for (std::size_t o = 0; o < channels_out; ++o) {
    for (std::size_t t = 0; t < taps; ++t) {
      const std::size_t bit = n.layout == 1 ? t / group_in * tap_bytes * 8 + t % group_in : t * storage;
      put_bits(out, o * row * 8 + bit, pattern(kind, n.weights.at(o * taps + t)), static_cast<int>(storage));
    }
  }
  return out;
}

std::uint32_t add_array(Bytes& params, const Bytes& bytes) {
  pad_to(params, 16);
  const auto offset = static_cast<std::uint32_t>(params.size());
  params.insert(params.end(), bytes.begin(), bytes.end());
  return offset;
}

std::uint32_t add_words(Bytes& params, const std::vector<std::int32_t>& words) {
  if (words.empty()) return 0;
  Bytes bytes;
  for (const std::int32_t w : words) append(bytes, static_cast<std::uint32_t>(w), 4);
  return add_array(params, bytes);
}

// Of the rows that there is memory for; rows = 0: all.
std::size_t bytes_in_memory(const TensorSpec& t, std::uint32_t rows) {
  return rows == 0 ? tensor_bytes(t) : tensor_bytes(t) / t.height * rows;
}

Bytes tensor_record(const TensorSpec& t, std::uint32_t offset, std::uint32_t rows) {
  Bytes out;
  append(out, t.height, 4);
  append(out, t.width, 4);
  append(out, t.channels, 4);
  append(out, t.kind, 1);
  append(out, static_cast<std::uint64_t>(t.storage()), 1);
  append(out, static_cast<std::uint64_t>(t.bits), 1);
  append(out, 0, 1);
  append(out, static_cast<std::uint32_t>(t.qmin), 4);
  append(out, static_cast<std::uint32_t>(t.qmax), 4);
  append(out, static_cast<std::uint32_t>(t.z), 4);
  append(out, offset, 4);
  append(out, bytes_in_memory(t, rows), 4);
  append(out, rows, 4);
  append(out, 0x3ff0000000000000U, 8);  // scale 1.0
  return out;
}

std::uint64_t macs_of(const NetworkSpec& network, const NodeSpec& n) {
  if (n.op != kConv) return 0;
  return n.output.elements() * static_cast<std::uint64_t>(n.kernel_h) *
         static_cast<std::uint64_t>(n.kernel_w) * network.tensor(n.inputs[0]).channels /
         static_cast<std::uint64_t>(n.groups);
}

std::uint32_t scratch_of(const NetworkSpec& network, const NodeSpec& n) {
  if (n.op != kConv) return 0;
  const auto bytes = static_cast<std::uint32_t>(2 * n.kernel_h * n.kernel_w) *
                     network.tensor(n.inputs[0]).channels / static_cast<std::uint32_t>(n.groups);
  return (bytes + 15) / 16 * 16;
}

Bytes node_record(const NetworkSpec& network, std::size_t index, std::uint32_t scratch,
                  std::uint32_t scratch_bytes, Bytes& params) {
  const NodeSpec& n = network.nodes[index];
  const auto u = [](auto v) { return static_cast<std::uint64_t>(static_cast<std::int64_t>(v)); };
  Bytes out;
  append(out, n.op, 2);
  append(out, n.residual ? 1 : 0, 2);
  append(out, n.inputs.size(), 2);
  append(out, index + 1, 2);
  for (std::size_t i = 0; i < 8; ++i) append(out, i < n.inputs.size() ? u(n.inputs[i]) : 0, 2);
  for (const int field : {n.kernel_h, n.kernel_w, n.stride_h, n.stride_w, n.dilation_h, n.dilation_w,
                          n.pad_top, n.pad_left, n.pad_bottom, n.pad_right})
    append(out, u(field), 2);
  append(out, u(n.groups), 4);
  const bool conv = n.op == kConv;
  append(out, !conv ? 0 : n.weight_bits == 1 ? 2 : 1, 1);
  append(out, conv ? u(weight_storage(n)) : 0, 1);
  append(out, u(n.layout), 1);
  append(out, u(n.k), 1);
  append(out, u(n.r), 1);
  append(out, 0, 3);
  append(out, u(n.pad_code), 4);
  append(out, u(n.m_res), 4);
  Bytes weights;
  if (conv)
    weights = pack_weights(n, n.output.channels,
                           network.tensor(n.inputs[0]).channels / static_cast<std::size_t>(n.groups));
  append(out, conv ? add_array(params, weights) : 0, 4);
  append(out, weights.size(), 4);
  append(out, add_words(params, n.m), 4);
  append(out, add_words(params, n.b), 4);
  append(out, conv ? scratch : 0, 4);
  append(out, conv ? scratch_bytes : 0, 4);
  append(out, 0, 4);
  append(out, u(n.weight_bits), 4);
  append(out, macs_of(network, n), 8);
  append(out, 0, 24);
  return out;
}

Bytes golden_section(const NetworkSpec& network, const std::vector<std::vector<std::uint8_t>>& inputs) {
  Bytes out;
  for (const auto& input : inputs) {
    const std::vector<Values> values = run_naive(network, input);
    out.insert(out.end(), input.begin(), input.end());
    pad_to(out, 4);
    for (std::size_t i = 1; i < values.size(); ++i) {
      Bytes logical;
      for (const std::int32_t v : values[i]) append(logical, static_cast<std::uint32_t>(v), 4);
      append(out, crc32_of(logical.data(), logical.size()), 4);
    }
    const Bytes last = pack_tensor(network.nodes.back().output, values.back());
    out.insert(out.end(), last.begin(), last.end());
    pad_to(out, 4);
  }
  return out;
}

struct Section {
  std::uint16_t type;
  std::size_t records;
  Bytes bytes;
};

}  // namespace

std::size_t tensor_bytes(const TensorSpec& t) {
  return std::size_t{t.height} * t.width * pixel_bytes(t);
}

std::vector<std::uint8_t> pack_tensor(const TensorSpec& t, const Values& values) {
  Bytes out(tensor_bytes(t));
  for (std::size_t i = 0; i < values.size(); ++i)
    put_bits(out,
             i / t.channels * pixel_bytes(t) * 8 + i % t.channels * static_cast<std::size_t>(t.storage()),
             pattern(t.kind, values[i]), t.storage());
  return out;
}

Values unpack_tensor(const TensorSpec& t, const std::uint8_t* bytes) {
  Values out(t.elements());
  const auto storage = static_cast<std::size_t>(t.storage());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t bit = i / t.channels * pixel_bytes(t) * 8 + i % t.channels * storage;
    std::int64_t code = 0;
    for (std::size_t j = 0; j < storage; ++j)
      code += static_cast<std::int64_t>(bytes[(bit + j) / 8] >> ((bit + j) % 8) & 1) << j;
    if (t.kind == kBipolar) code = code ? 1 : -1;
    if ((t.kind == kSigned || t.kind == kInt32) && code >> (storage - 1)) code -= std::int64_t{1} << storage;
    out[i] = static_cast<std::int32_t>(code);
  }
  return out;
}

std::uint32_t crc32_of(const std::uint8_t* data, std::size_t size) {
  return static_cast<std::uint32_t>(::crc32(0, data, static_cast<uInt>(size)));
}

void Blob::put8(std::size_t at, std::uint32_t value) {
  bytes.at(at) = static_cast<std::uint8_t>(value);
}
void Blob::put16(std::size_t at, std::uint32_t value) {
  put8(at, value & 255U);
  put8(at + 1, value >> 8);
}
void Blob::put32(std::size_t at, std::uint32_t value) {
  put16(at, value & 0xffffU);
  put16(at + 2, value >> 16);
}
std::uint32_t Blob::get32(std::size_t at) const {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{bytes.at(at + i)} << (8 * i);
  return value;
}
void Blob::fix_crc() {
  put32(12, crc32_of(bytes.data() + 16, bytes.size() - 16));
}

Blob build_blob(const NetworkSpec& network, const BlobOptions& options) {
  Blob blob;
  std::vector<std::uint32_t> offsets = options.tensor_offsets;
  std::vector<std::uint32_t> rows = options.tensor_rows;
  rows.resize(network.nodes.size() + 1, 0);
  std::uint32_t top = 0, scratch_bytes = 0;
  for (std::size_t i = 0; i <= network.nodes.size(); ++i) {
    const auto bytes =
        static_cast<std::uint32_t>(bytes_in_memory(network.tensor(static_cast<int>(i)), rows[i]));
    if (offsets.size() <= i) offsets.push_back(top);
    top = std::max(top, (offsets[i] + bytes + 15U) / 16 * 16);
  }
  for (const NodeSpec& n : network.nodes) scratch_bytes = std::max(scratch_bytes, scratch_of(network, n));
  scratch_bytes += options.more_scratch;
  const std::uint32_t scratch = options.tensor_offsets.empty() ? top : options.scratch_offset;
  blob.arena = std::max(top, scratch + scratch_bytes);

  std::vector<Section> sections(3);
  sections[0] = {1, network.nodes.size() + 1, {}};
  sections[1] = {2, network.nodes.size(), {}};
  sections[2] = {3, 0, {}};
  std::uint64_t macs = 0;
  for (std::size_t i = 0; i <= network.nodes.size(); ++i) {
    const Bytes record = tensor_record(network.tensor(static_cast<int>(i)), offsets[i], rows[i]);
    sections[0].bytes.insert(sections[0].bytes.end(), record.begin(), record.end());
  }
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const Bytes record = node_record(
        network, i, scratch, scratch_of(network, network.nodes[i]) + options.more_scratch, sections[2].bytes);
    if (record.size() != 128) throw std::logic_error("node record");
    sections[1].bytes.insert(sections[1].bytes.end(), record.begin(), record.end());
    macs += macs_of(network, network.nodes[i]);
  }
  if (options.names) {
    Section names{4, network.nodes.size() + 1, {}};
    for (std::size_t i = 0; i <= network.nodes.size(); ++i) {
      const std::string name = i == 0 ? "input" : "node" + std::to_string(i - 1);
      append(names.bytes, name.size(), 2);
      names.bytes.insert(names.bytes.end(), name.begin(), name.end());
    }
    sections.push_back(names);
  }
  if (!options.golden_inputs.empty())
    sections.push_back({5, options.golden_inputs.size(), golden_section(network, options.golden_inputs)});
  if (!options.kernels.empty()) {
    Section kernels{7, options.kernels.size(), {}};
    for (const KernelSpec& k : options.kernels) {
      append(kernels.bytes, k.kernel, 2);
      append(kernels.bytes, k.parameter, 2);
      append(kernels.bytes, 0, 4);
    }
    sections.push_back(kernels);
  }
  if (!options.streams.empty()) {
    Section streams{8, options.streams.size(), {}};
    for (const StreamSpec& s : options.streams) {
      for (const std::uint32_t field : {s.first, s.last, s.rows, 0U}) append(streams.bytes, field, 2);
    }
    sections.push_back(streams);
  }

  AlignedBytes& out = blob.bytes;
  out.assign({'I', 'N', 'T', 'B'});
  append(out, 1, 2);
  append(out, !options.streams.empty() ? 2 : options.kernels.empty() ? 0 : 1, 2);
  append(out, 0, 8);  // length and CRC: below
  append(out, options.streams.empty() ? 0 : 1, 4);
  append(out, 0, 4);  // arena: below
  append(out, sections.size(), 4);
  append(out, 0, 4);
  for (std::uint64_t i = 0; i < 16; ++i) append(out, 0xa0 + i, 1);
  append(out, 0, 2);
  append(out, network.nodes.size(), 2);
  append(out, 0, 4);
  append(out, macs, 8);
  std::size_t at = out.size() + sections.size() * 16;
  for (const Section& s : sections) {
    append(out, s.type, 2);
    append(out, s.type <= 3 ? 1 : 0, 2);
    append(out, at, 4);
    append(out, s.bytes.size(), 4);
    append(out, s.records, 4);
    std::uint32_t* const places[] = {&blob.tensors, &blob.nodes, &blob.params,  &blob.names,
                                     &blob.golden,  nullptr,     &blob.kernels, &blob.streams};
    *places[s.type - 1] = static_cast<std::uint32_t>(at);
    at = (at + s.bytes.size() + 15) / 16 * 16;
  }
  for (const Section& s : sections) {
    out.insert(out.end(), s.bytes.begin(), s.bytes.end());
    pad_to(out, 16);
  }
  blob.put32(8, static_cast<std::uint32_t>(out.size()));
  blob.put32(20, blob.arena);
  blob.fix_crc();
  return blob;
}

}  // namespace intact::testing
