#include "exporters/blob/blob_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_reader.h"
#include "exporters/blob/record_reader.h"
#include "exporters/blob/runtime_model.h"

namespace intact {
namespace {

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> blob) : blob_(blob) {}

  BlobContents read() {
    read_header();
    const BlobSection& tensors = *find(SectionType::kTensors);
    const BlobSection& nodes = *find(SectionType::kNodes);
    Graph& graph = contents_.lowered.graph;
    read_tensors(bytes(tensors), tensors.records, contents_.lowered);
    read_nodes(bytes(nodes), nodes.records, bytes(*find(SectionType::kParams)), contents_.lowered);
    if (const BlobSection* kernels = find(SectionType::kKernels)) {
      read_kernels(bytes(*kernels), contents_.lowered);
    }
    if (const BlobSection* streams = find(SectionType::kStreams)) {
      read_streams(bytes(*streams), streams->records, contents_.lowered);
    }
    if (const BlobSection* names = find(SectionType::kNames)) {
      const std::vector<std::string> texts = read_names(bytes(*names), graph.tensors.size());
      for (std::size_t t = 0; t < texts.size(); ++t) graph.tensors[t].name = texts[t];
      contents_.has_names = true;
    }
    if (const BlobSection* golden = find(SectionType::kGolden)) {
      contents_.golden = read_golden(bytes(*golden), golden->records, graph);
    }
    if (const BlobSection* meta = find(SectionType::kMeta)) read_meta(*meta);
    return std::move(contents_);
  }

 private:
  void read_header() {
    const ByteReader header(blob_);
    contents_.major = header.u16(4);
    contents_.minor = header.u16(6);
    contents_.bytes = header.u32(8);
    contents_.lowered.arena_bytes = header.u32(20);
    std::copy_n(blob_.begin() + kHashOffset, contents_.state_hash.size(), contents_.state_hash.begin());
    contents_.lowered.graph.input = header.u16(48);
    contents_.lowered.graph.output = header.u16(50);
    contents_.macs = header.u64(kMacsOffset);
    for (std::size_t i = 0; i < header.u32(24); ++i) {
      const std::size_t at = kHeaderBytes + i * kSectionEntryBytes;
      contents_.sections.push_back(
          {header.u16(at), header.u16(at + 2), header.u32(at + 4), header.u32(at + 8), header.u32(at + 12)});
    }
  }

  const BlobSection* find(SectionType type) const {
    for (const BlobSection& section : contents_.sections) {
      if (section.type == static_cast<std::uint16_t>(type)) return &section;
    }
    return nullptr;
  }

  std::span<const std::uint8_t> bytes(const BlobSection& section) const {
    return blob_.subspan(section.offset, section.bytes);
  }

  void read_meta(const BlobSection& section) {
    const std::span<const std::uint8_t> text = bytes(section);
    contents_.meta_json.assign(text.begin(), text.end());
    const nlohmann::json meta = nlohmann::json::parse(contents_.meta_json, nullptr, false);
    if (!meta.is_object()) throw Error("blob refused: section META is not a JSON object in UTF-8");
    const auto text_of = [&meta](const char* key) {
      const auto value = meta.find(key);
      return value != meta.end() && value->is_string() ? value->get<std::string>() : std::string();
    };
    contents_.lowered.graph.name = text_of("graph");
    contents_.target = text_of("target");
  }

  std::span<const std::uint8_t> blob_;
  BlobContents contents_;
};

}  // namespace

BlobContents read_blob(std::span<const std::uint8_t> blob) {
  // The runtime's checks bound every offset and count that the reader follows.
  const RuntimeModel accepted(blob);
  require_ok(intact_check_crc(accepted.model().blob, blob.size()));
  BlobContents contents = Reader(blob).read();
  try {
    verify(contents.lowered.graph);
  } catch (const Error& error) {
    throw Error(std::string("blob refused: its integers do not keep docs/ARITHMETIC.md: ") + error.what());
  }
  return contents;
}

}  // namespace intact
