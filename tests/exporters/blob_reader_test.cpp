#include "exporters/blob/blob_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <string>

#include "core/error.h"
#include "core/random.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/passes/pass.h"
#include "integer/oracle.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

void renew_crc(Bytes& blob) {
  const auto crc =
      static_cast<std::uint32_t>(crc32(0, blob.data() + 16, static_cast<uInt>(blob.size() - 16)));
  for (std::size_t b = 0; b < 4; ++b) blob[12 + b] = static_cast<std::uint8_t>(crc >> (8 * b));
}

class BlobReaderTest : public ::testing::Test {
 protected:
  BlobReaderTest() : lowered_(lower(test::branching_graph())) {
    options_.golden_inputs = choose_golden_inputs(lowered_.graph, 6, 3, {});
    options_.meta_json = R"({"producer":"test"})";
  }
  Bytes blob() const { return write_blob(lowered_, options_); }

  Lowered lowered_;
  BlobOptions options_;
};

TEST_F(BlobReaderTest, GivesBackWhatWasWritten) {
  const BlobContents contents = read_blob(blob());
  EXPECT_EQ(contents.lowered.graph, lowered_.graph);
  EXPECT_EQ(contents.lowered.tensor_offsets, lowered_.tensor_offsets);
  EXPECT_EQ(contents.lowered.arena_bytes, lowered_.arena_bytes);
  for (std::size_t i = 0; i < lowered_.nodes.size(); ++i) {
    EXPECT_EQ(contents.lowered.nodes[i].layout, lowered_.nodes[i].layout);
    EXPECT_EQ(contents.lowered.nodes[i].scratch_offset, lowered_.nodes[i].scratch_offset);
    EXPECT_EQ(contents.lowered.nodes[i].scratch_bytes, lowered_.nodes[i].scratch_bytes);
  }
  EXPECT_EQ(contents.state_hash, hash_graph(lowered_.graph));
  EXPECT_EQ(contents.macs, static_cast<std::uint64_t>(graph_macs(lowered_.graph)));
  EXPECT_EQ(contents.major, 1);
  EXPECT_EQ(contents.minor, 1);
  EXPECT_EQ(contents.bytes, blob().size());
  EXPECT_TRUE(contents.has_names);
  EXPECT_EQ(contents.meta_json, R"({"graph":"sample","producer":"test"})");
}

TEST_F(BlobReaderTest, GoldenVectorsHoldInputsAndOutputs) {
  const BlobContents contents = read_blob(blob());
  ASSERT_EQ(contents.golden.size(), 6U);
  for (std::size_t v = 0; v < 6; ++v) {
    EXPECT_EQ(contents.golden[v].input, options_.golden_inputs[v]);
    EXPECT_EQ(contents.golden[v].node_checksums.size(), lowered_.graph.nodes.size());
    const Values logits = Oracle(lowered_.graph).run(options_.golden_inputs[v]).back();
    Bytes bytes(4 * logits.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(logits[i / 4]) >> (8 * (i % 4)));
    }
    EXPECT_EQ(contents.golden[v].output, bytes);
  }
}

TEST_F(BlobReaderTest, WithoutNamesTensorsAreNumbered) {
  options_ = {};
  options_.names = false;
  const BlobContents contents = read_blob(blob());
  EXPECT_FALSE(contents.has_names);
  EXPECT_THAT(contents.golden, IsEmpty());
  EXPECT_EQ(contents.meta_json, "");
  EXPECT_EQ(contents.lowered.graph.name, "");
  EXPECT_EQ(contents.lowered.graph.tensors[0].name, "input");
  EXPECT_EQ(contents.lowered.graph.tensors[2].name, "node2");
  Graph renamed = lowered_.graph;
  renamed.name.clear();
  for (std::size_t t = 0; t < renamed.tensors.size(); ++t)
    renamed.tensors[t].name = contents.lowered.graph.tensors[t].name;
  EXPECT_EQ(contents.lowered.graph, renamed);
}

TEST_F(BlobReaderTest, BytesBehindTheBlobAreIgnored) {
  Bytes longer = blob();
  longer.insert(longer.end(), 100, 0xAA);
  EXPECT_EQ(read_blob(longer).lowered.graph, lowered_.graph);
}

TEST_F(BlobReaderTest, EveryShorterBlobIsRefused) {
  const Bytes whole = blob();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(read_blob(std::span(whole).first(length)), Error) << length;
  }
}

TEST_F(BlobReaderTest, ErrorsSayWhatToDo) {
  const auto refused = [](const Bytes& bytes, const char* what) {
    EXPECT_THAT([&] { read_blob(bytes); }, ThrowsMessage<Error>(HasSubstr(what)));
  };
  Bytes bytes = blob();
  bytes.back() ^= 1;
  refused(bytes, "INTACT_E_CRC: the bytes are damaged");
  bytes = blob();
  bytes[0] = 'X';
  refused(bytes, "not a blob of Intact");
  bytes = blob();
  bytes[4] = 2;
  refused(bytes, "newer version");
  refused(Bytes(10), "INTACT_E_TRUNCATED");
}

// Damage under a right checksum is refused with an Error or read; nothing else happens (the sanitizers
// watch).
TEST_F(BlobReaderTest, DamageIsRefusedOrHarmless) {
  const Bytes clean = blob();
  int refused = 0;
  int accepted = 0;
  RandomStream random(5, {});
  for (int i = 0; i < 3000; ++i) {
    Bytes damaged = clean;
    const std::uint32_t count = 1 + random.below(3);
    for (std::uint32_t j = 0; j < count; ++j) {
      const std::uint32_t reach = random.below(2) == 0 ? 2000 : static_cast<std::uint32_t>(clean.size());
      damaged[random.below(reach)] = static_cast<std::uint8_t>(random.below(256));
    }
    renew_crc(damaged);
    try {
      const BlobContents contents = read_blob(damaged);
      EXPECT_EQ(contents.lowered.nodes.size(), contents.lowered.graph.nodes.size());
      EXPECT_EQ(contents.lowered.tensor_offsets.size(), contents.lowered.graph.tensors.size());
      ++accepted;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(accepted, 100);
}

TEST_F(BlobReaderTest, IntegersThatBreakTheProofsAreRefused) {
  Bytes bytes = blob();
  const std::size_t nodes = bytes[84] | static_cast<std::size_t>(bytes[85]) << 8;
  bytes[nodes + 88] ^= 1;  // the recorded bound, which the runtime ignores
  renew_crc(bytes);
  EXPECT_THAT([&] { read_blob(bytes); }, ThrowsMessage<Error>(HasSubstr("ARITHMETIC.md")));
}

TEST_F(BlobReaderTest, UnknownOptionalSectionsAreListed) {
  Bytes bytes = blob();
  const std::size_t meta = 64 + 16 * 5;
  ASSERT_EQ(bytes[meta], 6);
  bytes[meta] = 77;
  renew_crc(bytes);
  const BlobContents contents = read_blob(bytes);
  EXPECT_EQ(contents.sections.back().type, 77);
  EXPECT_EQ(contents.meta_json, "");
}

TEST_F(BlobReaderTest, MetaMustBeAJsonObject) {
  Bytes bytes = blob();
  bytes.back() = ' ';
  renew_crc(bytes);
  EXPECT_THAT([&] { read_blob(bytes); }, ThrowsMessage<Error>(HasSubstr("META")));
}

}  // namespace
}  // namespace intact
