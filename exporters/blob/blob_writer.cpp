#include "exporters/blob/blob_writer.h"

#include <zlib.h>

#include <limits>
#include <utility>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"
#include "exporters/passes/plan_check.h"

namespace intact {
namespace {

std::vector<Section> build_sections(const Lowered& lowered, const BlobOptions& options) {
  std::vector<Section> sections;
  ParamsBuilder params;
  sections.push_back(tensor_section(lowered));
  sections.push_back(node_section(lowered, params));
  sections.push_back(params.take());
  if (std::optional<Section> kernels = kernels_section(lowered)) sections.push_back(std::move(*kernels));
  if (std::optional<Section> streams = streams_section(lowered)) sections.push_back(std::move(*streams));
  if (options.names) sections.push_back(names_section(lowered.graph));
  if (!options.golden_inputs.empty())
    sections.push_back(golden_section(lowered.graph, options.golden_inputs));
  const std::string graph_name = options.names ? lowered.graph.name : std::string();
  if (!graph_name.empty() || !options.meta_json.empty()) {
    sections.push_back(meta_section(graph_name, options.meta_json));
  }
  return sections;
}

std::size_t align(std::size_t offset) {
  return (offset + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment;
}

// The checksum's field is 0 here; write_blob fills it in at the end.
void write_header(ByteWriter& writer, const Lowered& lowered, std::size_t length, std::size_t section_count) {
  writer.bytes(kBlobMagic);
  writer.u16(kBlobMajor);
  writer.u16(lowered.streams.empty() ? kBlobMinor : kBlobMinorStreams);
  writer.u32(static_cast<std::uint32_t>(length));
  writer.zeros(4);  // checksum
  writer.u32(lowered.streams.empty() ? 0 : kFeatureStreams);
  writer.u32(lowered.arena_bytes);
  writer.u32(static_cast<std::uint32_t>(section_count));
  writer.zeros(4);
  writer.bytes(hash_graph(lowered.graph));
  writer.u16(static_cast<std::uint16_t>(lowered.graph.input));
  writer.u16(static_cast<std::uint16_t>(lowered.graph.output));
  writer.zeros(4);
  writer.u64(static_cast<std::uint64_t>(graph_macs(lowered.graph)));
}

}  // namespace

std::vector<std::uint8_t> write_blob(const Lowered& lowered, const BlobOptions& options) {
  verify(lowered.graph);
  check_plan(lowered);
  if (lowered.graph.tensors.size() > kMostRecords) {
    throw Error("the network has more than 65,535 tensors, the most that a blob holds");
  }
  const std::vector<Section> sections = build_sections(lowered, options);
  std::vector<std::size_t> offsets;
  std::size_t length = kHeaderBytes + kSectionEntryBytes * sections.size();
  for (const Section& section : sections) {
    offsets.push_back(align(length));
    length = offsets.back() + section.bytes.size();
  }
  if (length > std::numeric_limits<std::uint32_t>::max()) {
    throw Error("the blob would have " + std::to_string(length) + " bytes; its format ends below 2^32");
  }
  ByteWriter writer;
  write_header(writer, lowered, length, sections.size());
  for (std::size_t i = 0; i < sections.size(); ++i) {
    writer.u16(sections[i].type);
    writer.u16(sections[i].flags);
    writer.u32(static_cast<std::uint32_t>(offsets[i]));
    writer.u32(static_cast<std::uint32_t>(sections[i].bytes.size()));
    writer.u32(sections[i].records);
  }
  for (const Section& section : sections) {
    writer.align(kBlobAlignment);
    writer.bytes(section.bytes);
  }
  std::vector<std::uint8_t> blob = writer.take();
  const auto crc = static_cast<std::uint32_t>(
      crc32_z(crc32_z(0, nullptr, 0), blob.data() + kCrcStart, blob.size() - kCrcStart));
  for (std::size_t b = 0; b < 4; ++b)
    blob[kCrcOffset + b] = static_cast<std::uint8_t>((crc >> (8 * b)) & 0xFF);
  return blob;
}

}  // namespace intact
