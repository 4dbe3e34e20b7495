// The writer's bytes against docs/FORMAT.md, offset by offset.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <bit>
#include <cstring>
#include <string>

#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/passes/pass.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::uint64_t field(const Bytes& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t b = 0; b < size; ++b) value |= static_cast<std::uint64_t>(bytes.at(at + b)) << (8 * b);
  return value;
}
std::uint64_t u16(const Bytes& bytes, std::size_t at) {
  return field(bytes, at, 2);
}
std::uint64_t u32(const Bytes& bytes, std::size_t at) {
  return field(bytes, at, 4);
}
std::int32_t i32(const Bytes& bytes, std::size_t at) {
  return static_cast<std::int32_t>(u32(bytes, at));
}

std::vector<Bytes> inputs_for(const Graph& graph, std::size_t count) {
  return choose_golden_inputs(graph, static_cast<int>(count), 1, {});
}

class BlobBytesTest : public ::testing::Test {
 protected:
  BlobBytesTest() : lowered_(lower(test::windowed_graph())) {
    options_.golden_inputs = inputs_for(lowered_.graph, 4);
    options_.meta_json = R"({"b": 1, "a": [true]})";
    blob_ = write_blob(lowered_, options_);
  }
  std::size_t section(std::size_t index) const { return u32(blob_, 64 + 16 * index + 4); }
  std::size_t length(std::size_t index) const { return u32(blob_, 64 + 16 * index + 8); }

  Lowered lowered_;
  BlobOptions options_;
  Bytes blob_;
};

TEST_F(BlobBytesTest, Header) {
  EXPECT_EQ(std::memcmp(blob_.data(), "INTB", 4), 0);
  EXPECT_EQ(u16(blob_, 4), 1U);
  EXPECT_EQ(u16(blob_, 6), 1U);
  EXPECT_EQ(u32(blob_, 8), blob_.size());
  EXPECT_EQ(u32(blob_, 12), crc32(0, blob_.data() + 16, static_cast<uInt>(blob_.size() - 16)));
  EXPECT_EQ(u32(blob_, 16), 0U);
  // 144 bytes of input and 72 of output, each a multiple of 16 but 72, and 16 of scratch.
  EXPECT_EQ(u32(blob_, 20), 144U + 80U + 16U);
  EXPECT_EQ(u32(blob_, 24), 6U);
  EXPECT_EQ(u32(blob_, 28), 0U);
  const StateHash hash = hash_graph(lowered_.graph);
  EXPECT_EQ(std::memcmp(blob_.data() + 32, hash.data(), 16), 0);
  EXPECT_EQ(u16(blob_, 48), 0U);
  EXPECT_EQ(u16(blob_, 50), 1U);
  EXPECT_EQ(u32(blob_, 52), 0U);
  EXPECT_EQ(field(blob_, 56, 8), 4U * 9 * 4 * 3 * 2);
}

TEST_F(BlobBytesTest, SectionTable) {
  const std::uint64_t records[] = {2, 1, 0, 2, 4, 0};
  std::size_t end = 64 + 6 * 16;
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(u16(blob_, 64 + 16 * i), i + 1);
    EXPECT_EQ(u16(blob_, 64 + 16 * i + 2), i < 3 ? 1U : 0U);
    EXPECT_EQ(u32(blob_, 64 + 16 * i + 12), records[i]);
    EXPECT_EQ(section(i) % 16, 0U);
    EXPECT_LT(section(i) - end, 16U);
    for (; end < section(i); ++end) EXPECT_EQ(blob_[end], 0);
    end = section(i) + length(i);
  }
  EXPECT_EQ(end, blob_.size());
  EXPECT_EQ(length(0), 96U);
  EXPECT_EQ(length(1), 128U);
  EXPECT_EQ(length(3), 2U + 5 + 2 + 4);
  EXPECT_EQ(length(4), 4U * (144 + 4 + 72));
}

TEST_F(BlobBytesTest, TensorRecords) {
  const std::size_t input = section(0);
  const std::size_t output = input + 48;
  EXPECT_EQ(u32(blob_, input), 9U);
  EXPECT_EQ(u32(blob_, input + 4), 8U);
  EXPECT_EQ(u32(blob_, input + 8), 2U);
  EXPECT_EQ(u32(blob_, input + 12), 0x00080800U);  // unsigned, stored in 8, 8 bits, reserved
  EXPECT_EQ(i32(blob_, input + 16), 0);
  EXPECT_EQ(i32(blob_, input + 20), 255);
  EXPECT_EQ(i32(blob_, input + 24), 7);
  EXPECT_EQ(u32(blob_, input + 32), 144U);
  EXPECT_EQ(std::bit_cast<double>(field(blob_, input + 40, 8)), 0.5);
  EXPECT_EQ(u32(blob_, output), 4U);
  EXPECT_EQ(u32(blob_, output + 4), 9U);
  EXPECT_EQ(u32(blob_, output + 8), 4U);
  EXPECT_EQ(u32(blob_, output + 12), 0x00040401U);
  EXPECT_EQ(i32(blob_, output + 16), -8);
  EXPECT_EQ(i32(blob_, output + 20), 7);
  EXPECT_EQ(i32(blob_, output + 24), 0);
  EXPECT_EQ(u32(blob_, output + 28), lowered_.tensor_offsets[1]);
  EXPECT_EQ(u32(blob_, output + 32), 72U);
  EXPECT_EQ(u32(blob_, output + 36), 0U);
  EXPECT_EQ(std::bit_cast<double>(field(blob_, output + 40, 8)), 2.0);
}

TEST_F(BlobBytesTest, NodeRecord) {
  const std::size_t node = section(1);
  const Requantization& q = lowered_.graph.nodes[0].state.q;
  const std::uint64_t head[] = {1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2, 2, 1, 1, 2, 1, 2, 0, 1};
  for (std::size_t i = 0; i < std::size(head); ++i)
    EXPECT_EQ(u16(blob_, node + 2 * i), head[i]) << "at " << 2 * i;
  EXPECT_EQ(u32(blob_, node + 44), 2U);
  EXPECT_EQ(u16(blob_, node + 48), 0x0401U);  // signed, stored in 4
  EXPECT_EQ(blob_[node + 50], 0);
  EXPECT_EQ(blob_[node + 51], q.k);
  EXPECT_EQ(blob_[node + 52], q.r);
  EXPECT_EQ(i32(blob_, node + 56), 7);
  EXPECT_EQ(i32(blob_, node + 60), 0);
  EXPECT_EQ(u32(blob_, node + 68), 4U * 3);  // 4 rows of 6 codes in 4 bits
  EXPECT_EQ(u32(blob_, node + 80), lowered_.nodes[0].scratch_offset);
  EXPECT_EQ(u32(blob_, node + 84), 16U);
  EXPECT_EQ(u32(blob_, node + 88),
            15U * 248);  // the second row's |w| sum up to 15, the input's vmax is 255 - 7
  EXPECT_EQ(u32(blob_, node + 92), 3U);
  EXPECT_EQ(field(blob_, node + 96, 8), 864U);
  for (std::size_t i = 104; i < 128; ++i) EXPECT_EQ(blob_[node + i], 0);
}

TEST_F(BlobBytesTest, Params) {
  const std::size_t node = section(1);
  const std::size_t params = section(2);
  const IntState& state = lowered_.graph.nodes[0].state;
  for (const std::size_t at : {64U, 72U, 76U}) EXPECT_EQ(u32(blob_, node + at) % 16, 0U);
  const std::size_t weights = params + u32(blob_, node + 64);
  const Bytes rows(blob_.begin() + static_cast<std::ptrdiff_t>(weights),
                   blob_.begin() + static_cast<std::ptrdiff_t>(weights + 12));
  // Codes -4 -3 -2 -1 0 1 | 2 3 -4 -3 -2 -1 | 0 1 2 3 -4 -3 | -2 -1 0 1 2 3, the low half of a byte first.
  EXPECT_EQ(rows, (Bytes{0xDC, 0xFE, 0x10, 0x32, 0xDC, 0xFE, 0x10, 0x32, 0xDC, 0xFE, 0x10, 0x32}));
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_EQ(i32(blob_, params + u32(blob_, node + 72) + 4 * c), state.q.m[c]);
    EXPECT_EQ(i32(blob_, params + u32(blob_, node + 76) + 4 * c), state.q.b[c]);
  }
}

TEST_F(BlobBytesTest, NamesAndMeta) {
  const auto text = [this](std::size_t i) {
    return std::string(reinterpret_cast<const char*>(blob_.data()) + section(i), length(i));
  };
  EXPECT_EQ(text(3), std::string("\5\0input\4\0only", 13));
  EXPECT_EQ(text(5), R"({"graph":"windowed","b":1,"a":[true]})");
}

TEST_F(BlobBytesTest, OptionalSectionsAreLeftOut) {
  const Bytes bare = write_blob(lowered_, {.names = false, .golden_inputs = {}, .meta_json = ""});
  EXPECT_EQ(u32(bare, 24), 3U);
  EXPECT_EQ(std::search(bare.begin(), bare.end(), std::begin("only"), std::end("only") - 1), bare.end());
}

TEST_F(BlobBytesTest, SameArgumentsSameBytes) {
  EXPECT_EQ(write_blob(lower(test::windowed_graph()), options_), blob_);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto write = [seed] {
      const Lowered lowered = lower(test::random_graph(seed));
      return write_blob(lowered, {true, inputs_for(lowered.graph, 5), "{}"});
    };
    EXPECT_EQ(write(), write()) << seed;
  }
}

TEST_F(BlobBytesTest, RefusesFaultyOptions) {
  const auto refused = [this](const char* what) {
    EXPECT_THAT([this] { write_blob(lowered_, options_); }, ThrowsMessage<Error>(HasSubstr(what)));
  };
  options_.golden_inputs.resize(3);
  refused("at least 4");
  options_.golden_inputs.assign(4, Bytes(143));
  refused("the network takes 144");
  options_.golden_inputs.clear();
  options_.meta_json = "[1]";
  refused("must be a JSON object");
  options_.meta_json = R"({"a": 1)";
  refused("not JSON");
  options_.meta_json = R"({"graph": "x"})";
  refused("\"graph\"");
}

TEST_F(BlobBytesTest, RefusesAFaultyPlanOrGraph) {
  Lowered overlapping = lowered_;
  overlapping.tensor_offsets[1] = overlapping.tensor_offsets[0];
  EXPECT_THROW(write_blob(overlapping, options_), Error);
  Lowered broken = lowered_;
  ++broken.graph.nodes[0].state.q.bound;
  EXPECT_THROW(write_blob(broken, options_), Error);
}

TEST(BlobSharingTest, EqualConstantsAreStoredOnce) {
  test::GraphBuilder b({4, 4, 3});
  const int a = b.conv("a", 0, 3, Grid::unsigned_grid(8));
  b.conv("b", a, 3, Grid::unsigned_grid(8));
  b.conv("c", 0, 3, Grid::unsigned_grid(8));
  b.add("sum", {2, 3}, Grid::unsigned_grid(8));
  Lowered lowered = lower(b.graph());
  const Bytes blob = write_blob(lowered, {});
  const std::size_t nodes = u32(blob, 64 + 16 + 4);
  const auto of = [&](std::size_t node, std::size_t at) { return u32(blob, nodes + 128 * node + at); };
  EXPECT_EQ(of(0, 72), of(2, 72));  // a and c have equal multipliers; b has another input scale
  EXPECT_NE(of(0, 72), of(1, 72));
  EXPECT_NE(of(0, 64), of(2, 64));  // weights are not shared
}

}  // namespace
}  // namespace intact
