// Streams (FORMAT section 12) in blobs made by hand: results, steps, and what a loader must refuse.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <tuple>

#include "naive_network.h"
#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

// 12 x 8 x 4 -> conv 3x3 (12 x 8 x 8) -> conv 3x3 with that as residual (12 x 8 x 8) -> pool 2x2 (6 x 4 x 8)
// -> logits.
NetworkMaker network() {
  NetworkMaker maker(5, TensorSpec::unsigned_codes(8, 3).shaped(12, 8, 4));
  ConvShape s;
  s.channels_out = 8;
  s.kernel_h = s.kernel_w = 3;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
  const int first = maker.conv(0, s, TensorSpec::unsigned_codes(8));
  const int second = maker.conv(first, s, TensorSpec::unsigned_codes(4), first);
  maker.logits(maker.max_pool(second, 2, 2, 2, 0), 5, 4);
  return maker;
}

// Bands of 2 rows of the pool: 4 of the second convolution, which read the first's rows from one above to one
// below: 5 rows, then 6 (3 .. 8), then 5 (7 .. 11).
BlobOptions streamed() {
  BlobOptions options;
  options.streams = {{0, 2, 2}};
  options.tensor_rows = {0, 6, 4, 0, 0};
  return options;
}

TEST(Streams, GiveTheSameValues) {
  NetworkMaker maker = network();
  BlobOptions options = streamed();
  for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  const Blob blob = build_blob(maker.network(), options);
  EXPECT_LT(blob.arena, build_blob(maker.network()).arena);
  BoundModel model(blob);
  ASSERT_STREQ(intact_status_name(model.status()), "INTACT_OK");
  const auto input = maker.input();
  const std::vector<Values> expected = run_naive(maker.network(), input);
  EXPECT_EQ(model.run(maker.network(), input), expected);
  EXPECT_EQ(intact_selftest(model.get(), nullptr), INTACT_OK);
  const auto output = [&] {
    return unpack_tensor(maker.network().tensor(4), intact_output(model.get()).data);
  };
  model.set_input(input);
  EXPECT_EQ(intact_run(model.get()), INTACT_OK);
  EXPECT_EQ(output(), expected.back());
  model.set_input(input);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(intact_run_node(model.get(), i), INTACT_OK);
  EXPECT_EQ(output(), expected.back());
}

TEST(Streams, StepsTellTheirRows) {
  BoundModel model(build_blob(network().network(), streamed()));
  ASSERT_EQ(model.status(), INTACT_OK);
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> steps;
  intact_step step;
  for (int more = intact_first_step(model.get(), &step); more != 0;
       more = intact_next_step(model.get(), &step))
    steps.emplace_back(step.node, step.rows.first, step.rows.end);
  const decltype(steps) expected = {{0, 0, 5}, {1, 0, 4},  {2, 0, 2},  {0, 5, 9}, {1, 4, 8},
                                    {2, 2, 4}, {0, 9, 12}, {1, 8, 12}, {2, 4, 6}, {3, 0, 1}};
  EXPECT_EQ(steps, expected);
}

TEST(Streams, ATensorIsAsHighAsItsMemory) {
  BoundModel model(build_blob(network().network(), streamed()));
  intact_tensor t;
  ASSERT_EQ(intact_node_output(model.get(), 0, &t), INTACT_OK);
  EXPECT_EQ(t.height, 6U);
  EXPECT_EQ(t.bytes, 6U * 8 * 8);
}

// A mismatch is that of the first node, although a later one of the stream has made rows before it ends.
TEST(Streams, SelfTestNamesTheFirstNodeThatDiffers) {
  NetworkMaker maker = network();
  BlobOptions options = streamed();
  for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  for (std::uint32_t node = 0; node < 4; ++node) {
    Blob blob = build_blob(maker.network(), options);
    const std::size_t checksums = blob.golden + 12 * 8 * 4;
    for (std::uint32_t later = node; later < 4; ++later)
      blob.put32(checksums + 4 * later, blob.get32(checksums + 4 * later) ^ 1U);
    BoundModel model(blob);
    intact_mismatch first{};
    EXPECT_EQ(intact_selftest(model.get(), &first), INTACT_E_MISMATCH);
    EXPECT_EQ(first.vector, 0U);
    EXPECT_EQ(first.node, node);
  }
}

std::uint64_t least_limit(const Blob& blob) {
  std::uint64_t refused = 0, taken = std::uint64_t{1} << 40;
  while (taken - refused > 1) {
    const std::uint64_t middle = refused + (taken - refused) / 2;
    (BoundModel(blob, middle).status() == INTACT_OK ? taken : refused) = middle;
  }
  return taken;
}

// Rows 3, 4 and then 7, 8 of the first convolution are moved, of 8 x 8 bytes each.
TEST(Streams, MovedRowsAreWork) {
  const Blob whole = build_blob(network().network()), blob = build_blob(network().network(), streamed());
  EXPECT_EQ(least_limit(blob), least_limit(whole) + 4 * 64);
  EXPECT_EQ(BoundModel(blob, least_limit(whole)).status(), INTACT_E_WORK);
}

struct Case {
  const char* name;
  intact_status expected;
  std::function<void(Blob&)> damage;
};

void PrintTo(const Case& c, std::ostream* os) {
  *os << c.name;
}

std::function<void(Blob&)> stream_field(std::size_t field, std::uint32_t value) {
  return [=](Blob& b) { b.put16(b.streams + field, value); };
}

// The entry of STREAMS in the section table, behind those of TENSORS, NODES and PARAMS.
constexpr std::size_t kEntry = 64 + 3 * 16;

void keep_rows(Blob& b, std::size_t tensor, std::uint32_t rows) {
  const std::uint32_t row = b.get32(b.tensor_field(tensor, 32)) / b.get32(b.tensor_field(tensor, 36));
  b.put32(b.tensor_field(tensor, 36), rows);
  b.put32(b.tensor_field(tensor, 32), rows * row);
}

std::vector<Case> cases() {
  return {
      {"WithoutTheFeature", INTACT_E_STREAM, [](Blob& b) { b.put32(16, 0); }},
      {"AnotherFeature", INTACT_E_FEATURE, [](Blob& b) { b.put32(16, 3); }},
      {"NoSection", INTACT_E_STREAM,
       [](Blob& b) {
         b.put16(kEntry, 77);
         b.put16(kEntry + 2, 0);
       }},
      {"NoRecord", INTACT_E_SECTION, [](Blob& b) { b.put32(kEntry + 12, 0); }},
      {"TwoRecordsInOne", INTACT_E_SECTION, [](Blob& b) { b.put32(kEntry + 12, 2); }},
      {"LengthOfNoRecord", INTACT_E_SECTION, [](Blob& b) { b.put32(kEntry + 8, 7); }},
      {"ReservedField", INTACT_E_RESERVED, stream_field(6, 1)},
      {"FirstBeyondNodes", INTACT_E_STREAM, stream_field(0, 0xffff)},
      {"LastBeyondNodes", INTACT_E_STREAM, stream_field(2, 4)},
      {"OneNode", INTACT_E_STREAM, stream_field(2, 0)},
      {"LastBeforeFirst", INTACT_E_STREAM,
       [](Blob& b) {
         b.put16(b.streams, 2);
         b.put16(b.streams + 2, 1);
       }},
      {"NoRows", INTACT_E_STREAM, stream_field(4, 0)},
      {"MoreRowsThanThereAre", INTACT_E_STREAM, stream_field(4, 7)},
      {"MoreRowsThanMemoryHolds", INTACT_E_STREAM, stream_field(4, 3)},
      {"MemoryForTooFewRows", INTACT_E_STREAM, [](Blob& b) { keep_rows(b, 1, 5); }},
      {"MemoryForTooFewOfTheSecond", INTACT_E_STREAM, [](Blob& b) { keep_rows(b, 2, 3); }},
      {"BytesOfAllRows", INTACT_E_TENSOR, [](Blob& b) { b.put32(b.tensor_field(1, 32), 12 * 8 * 8); }},
      {"RowsHeldBehindTheStream", INTACT_E_STREAM, stream_field(2, 1)},
      {"RowsHeldBeforeTheStream", INTACT_E_STREAM, stream_field(0, 1)},
      {"InputHeldInRows", INTACT_E_STREAM,
       [](Blob& b) {
         b.put32(b.tensor_field(0, 36), 6);
         b.put32(b.tensor_field(0, 32), 6 * 8 * 4);
       }},
      {"ResidualOfRowsInPlace", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.tensor_field(2, 28), b.get32(b.tensor_field(1, 28))); }},
  };
}

class MalformedStreams : public ::testing::TestWithParam<Case> {};

TEST_P(MalformedStreams, IsRefusedByName) {
  Blob blob = build_blob(network().network(), streamed());
  GetParam().damage(blob);
  EXPECT_STREQ(intact_status_name(BoundModel(blob).status()), intact_status_name(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Streams, MalformedStreams, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

// `rows` of memory for the first of two 1x1 convolutions over an image.
intact_status status_of(const TensorSpec& image, const ConvShape& first, const StreamSpec& stream,
                        std::uint32_t rows, int more_nodes = 0) {
  NetworkMaker maker(1, image);
  ConvShape point;
  point.channels_out = 4;
  int x = maker.conv(0, first, TensorSpec::unsigned_codes(8));
  for (int i = 0; i <= more_nodes; ++i) x = maker.conv(x, point, TensorSpec::unsigned_codes(8));
  BlobOptions options;
  options.streams = {stream};
  options.tensor_rows.assign(maker.network().nodes.size() + 1, 0);
  options.tensor_rows[1] = rows;
  return BoundModel(build_blob(maker.network(), options)).status();
}

TEST(StreamLimits, RowsStartAtMultiplesOfFourBytes) {
  ConvShape point;
  point.channels_out = 4;
  const TensorSpec grid = TensorSpec::unsigned_codes(8);
  EXPECT_EQ(status_of(grid.shaped(6, 4, 1), point, {0, 1, 1}, 1), INTACT_OK);
  EXPECT_EQ(status_of(grid.shaped(6, 3, 2), point, {0, 1, 1}, 1), INTACT_E_STREAM);
  EXPECT_EQ(status_of(grid.shaped(6, 3, 2), point, {0, 1, 2}, 2), INTACT_OK);
}

TEST(StreamLimits, PartsReadRowsOfTheImage) {
  ConvShape padded;
  padded.channels_out = 4;
  padded.pad_top = 2;
  const TensorSpec image = TensorSpec::unsigned_codes(8).shaped(4, 4, 4);
  EXPECT_EQ(status_of(image, padded, {0, 1, 2}, 2), INTACT_E_STREAM);
  EXPECT_EQ(status_of(image, padded, {0, 1, 3}, 3), INTACT_OK);
}

TEST(StreamLimits, BandsAndNodesAreLimited) {
  ConvShape point;
  point.channels_out = 4;
  const TensorSpec grid = TensorSpec::unsigned_codes(8);
  EXPECT_EQ(status_of(grid.shaped(256, 1, 4), point, {0, 1, 1}, 1), INTACT_OK);
  EXPECT_EQ(status_of(grid.shaped(257, 1, 4), point, {0, 1, 1}, 1), INTACT_E_STREAM);
  EXPECT_EQ(status_of(grid.shaped(257, 1, 4), point, {0, 1, 2}, 2), INTACT_OK);
  EXPECT_EQ(status_of(grid.shaped(4, 1, 4), point, {0, 15, 1}, 1, 15), INTACT_OK);
  EXPECT_EQ(status_of(grid.shaped(4, 1, 4), point, {0, 16, 1}, 1, 15), INTACT_E_STREAM);
}

TEST(StreamLimits, StreamsAscendAndDoNotMeet) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(4, 4, 4));
  ConvShape point;
  point.channels_out = 4;
  int x = 0;
  for (int i = 0; i < 4; ++i) x = maker.conv(x, point, TensorSpec::unsigned_codes(8));
  const auto status = [&](const std::vector<StreamSpec>& streams) {
    BlobOptions options;
    options.streams = streams;
    return BoundModel(build_blob(maker.network(), options)).status();
  };
  EXPECT_EQ(status({{0, 1, 1}, {2, 3, 2}}), INTACT_OK);
  EXPECT_EQ(status({{2, 3, 2}, {0, 1, 1}}), INTACT_E_STREAM);
  EXPECT_EQ(status({{0, 2, 1}, {2, 3, 2}}), INTACT_E_STREAM);
}

// Of two nodes that both read the input, the first's output is not read within the stream.
TEST(StreamLimits, EveryOutputButTheLastIsReadInside) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(4, 4, 4));
  ConvShape point;
  point.channels_out = 4;
  const int a = maker.conv(0, point, TensorSpec::unsigned_codes(8));
  const int b = maker.conv(0, point, TensorSpec::unsigned_codes(8));
  maker.add({a, b}, TensorSpec::unsigned_codes(8));
  BlobOptions options;
  options.streams = {{0, 1, 1}};
  EXPECT_EQ(BoundModel(build_blob(maker.network(), options)).status(), INTACT_E_STREAM);
  options.streams = {{0, 2, 1}};
  options.tensor_rows = {0, 1, 1, 0};
  EXPECT_EQ(BoundModel(build_blob(maker.network(), options)).status(), INTACT_OK);
}

}  // namespace
}  // namespace intact::testing
