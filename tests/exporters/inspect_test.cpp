#include "exporters/inspect/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.h"
#include "exporters/blob/blob_reader.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/inspect/arena_chart.h"
#include "exporters/inspect/text_table.h"
#include "exporters/kernels/kernel_candidate.h"
#include "exporters/passes/pass.h"
#include "integer/derive.h"
#include "sample_graphs.h"
#include "support/random_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Bytes blob_of(const Graph& graph) {
  const Lowered lowered = lower(graph);
  return write_blob(lowered, {true, choose_golden_inputs(lowered.graph, 4, 1, {}), R"({"producer":"test"})"});
}

TEST(InspectJsonTest, Totals) {
  const Bytes blob = blob_of(test::branching_graph());
  const nlohmann::ordered_json json = inspect_json(blob);
  EXPECT_EQ(json["network"], "sample");
  EXPECT_EQ(json["format"]["major"], 1);
  EXPECT_EQ(json["flash_bytes"], blob.size());
  EXPECT_EQ(json["golden_vectors"], 4);
  EXPECT_EQ(json["meta"]["producer"], "test");
  EXPECT_EQ(json["state_hash"], to_hex(hash_graph(test::branching_graph())));
  // stem 64 3 16, left and right 64 16 16, fused 16 16 16, logits 4 4 16 5
  EXPECT_EQ(json["macs"], 3072 + 2 * 16384 + 4096 + 1280);
  std::uint64_t macs = 0;
  for (const auto& node : json["nodes"]) macs += node["macs"].get<std::uint64_t>();
  EXPECT_EQ(json["macs"], macs);
  std::uint64_t sections = 64 + 16 * json["sections"].size();
  for (const auto& section : json["sections"]) sections += section["bytes"].get<std::uint64_t>();
  EXPECT_LE(sections, blob.size());
  EXPECT_GT(sections + 16 * json["sections"].size(), blob.size());
}

TEST(InspectJsonTest, Nodes) {
  const nlohmann::ordered_json json = inspect_json(blob_of(test::branching_graph()));
  const auto& nodes = json["nodes"];
  ASSERT_EQ(nodes.size(), 7U);
  EXPECT_EQ(nodes[0]["name"], "stem");
  EXPECT_EQ(nodes[0]["operation"], "convolution");
  EXPECT_EQ(nodes[0]["input_shape"], nlohmann::ordered_json({8, 8, 3}));
  EXPECT_EQ(nodes[0]["output_shape"], nlohmann::ordered_json({8, 8, 16}));
  EXPECT_EQ(nodes[0]["weights"]["grid"]["bits"], 4);
  EXPECT_EQ(nodes[0]["weights"]["bytes"], 16 * 2);          // 3 codes in 4 bits are 2 bytes
  EXPECT_EQ(nodes[0]["flash_bytes"], 16 * 2 + 16 * 4 * 2);  // and a multiplier and a bias per channel
  EXPECT_EQ(nodes[0]["arena_bytes"], 8 * 8 * 8);
  EXPECT_EQ(nodes[0]["scratch_bytes"], 16);
  EXPECT_EQ(nodes[0]["accumulator"]["bound"], 3 * 255);
  EXPECT_EQ(nodes[0]["accumulator"]["bits"], 11);  // -765 .. 765
  EXPECT_EQ(nodes[0]["accumulator"]["share"], 765.0 / 2147483648.0);
  EXPECT_EQ(nodes[0]["kernel"]["number"], 0);
  EXPECT_EQ(nodes[0]["kernel"]["name"], "dense");
  EXPECT_FALSE(nodes[3].contains("kernel"));
  EXPECT_EQ(nodes[3]["inputs"], nlohmann::ordered_json({2, 3}));
  EXPECT_EQ(nodes[3]["in_place"], true);
  EXPECT_FALSE(nodes[4].contains("accumulator"));
  EXPECT_EQ(nodes[5]["residual"], true);
  EXPECT_EQ(json["tensors"][7]["grid"]["kind"], "int32");
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

TEST(InspectTextTest, SaysWhatMatters) {
  const Bytes blob = blob_of(test::branching_graph());
  const std::string text = inspect_text(blob);
  for (const char* part :
       {"Network         sample\n", "Format          1.1\n", "8x8x3 u8", "1x1x5 i32", "41,216",
        "Golden vectors  4\n", "it is the smallest", "stem", "conv+res", "maxpool", "add"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, HasSubstr(with_commas(blob.size()) + " bytes"));
  EXPECT_THAT(text, HasSubstr(to_hex(hash_graph(test::branching_graph()))));
}

// The kernel that the blob names, with its parameter; where it names none, the portable one that the runtime
// takes.
TEST(InspectTest, Kernels) {
  Lowered lowered = lower(test::branching_graph());
  lowered.nodes[1].kernel = {INTACT_CONV_DIRECT16, 0};
  lowered.nodes[2].kernel = {INTACT_CONV_POLY_ROW, 300};
  const Bytes blob = write_blob(lowered, {});
  const nlohmann::ordered_json json = inspect_json(blob);
  EXPECT_EQ(json["nodes"][0]["kernel"]["name"], "dense");
  EXPECT_EQ(json["nodes"][1]["kernel"]["number"], INTACT_CONV_DIRECT16);
  EXPECT_EQ(json["nodes"][1]["kernel"]["name"], std::string(kernel_name(INTACT_CONV_DIRECT16)));
  EXPECT_EQ(json["nodes"][2]["kernel"]["parameter"], 300);
  const std::string text = inspect_text(blob);
  EXPECT_THAT(text, HasSubstr("\n1  left"));
  EXPECT_THAT(text, HasSubstr(" 300 "));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("Target")));
}

TEST(InspectTest, UnnamedKernels) {
  test::GraphBuilder b({4, 4, 3});
  const int bits = b.conv("bits", 0, 40, Grid::bipolar());
  b.conv("more", bits, 40, Grid::unsigned_grid(8));
  Graph graph = b.graph();
  IntState& xnor = graph.nodes[1].state;
  xnor.weight_grid = Grid::bipolar();
  EXPECT_EQ(inspect_json(blob_of(graph))["nodes"][1]["kernel"]["name"], "xnor");
  xnor.groups = 40;
  xnor.weights.resize(40);
  const std::vector<double> s_w{0.01};
  xnor.q = derive_conv({"more", xnor.weights, 40, 1, 1.0, s_w, nullptr, {}}, Grid::unsigned_grid(8), 0.25,
                       nullptr);
  EXPECT_EQ(inspect_json(blob_of(graph))["nodes"][1]["kernel"]["name"], "depthwise");
}

TEST(InspectTest, Target) {
  const Bytes blob = write_blob(lower(test::branching_graph()), {true, {}, R"({"target":"cortex-m55"})"});
  EXPECT_EQ(inspect_json(blob)["meta"]["target"], "cortex-m55");
  EXPECT_THAT(inspect_text(blob), HasSubstr("Target          cortex-m55\n"));
  EXPECT_EQ(read_blob(blob).target, "cortex-m55");
  const Bytes other = write_blob(lower(test::branching_graph()), {true, {}, R"({"target":5})"});
  EXPECT_EQ(read_blob(other).target, "");
}

TEST(InspectTextTest, LinesAreClean) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const std::string& line : lines(inspect_text(blob_of(test::random_graph(seed))))) {
      EXPECT_LE(text_width(line), 110U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(InspectTextTest, NamesCannotSteerATerminal) {
  Graph graph = test::branching_graph();
  graph.name = "bad\x1b[2Jname";
  graph.tensors[1].name = "line\nbreak";
  graph.tensors[2].name =
      "c1\xC2\x9b"
      "2J";
  const std::string text = inspect_text(blob_of(graph));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xC2\x9b"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("line?break"));
}

TEST(InspectTest, RefusesDamage) {
  Bytes blob = blob_of(test::branching_graph());
  blob.back() ^= 1;
  EXPECT_THROW(inspect_text(blob), Error);
  EXPECT_THROW(inspect_json(blob), Error);
}

TEST(TextTableTest, ColumnsAreAligned) {
  TextTable table({{"name", Align::kLeft}, {"n"}, {"note", Align::kLeft}});
  table.add({"a", "1", ""});
  table.add({"l\xC3\xA4nger", "1,000", "x"});
  EXPECT_EQ(table.render(),
            "name        n  note\n"
            "------  -----  ----\n"
            "a           1\n"
            "l\xC3\xA4nger  1,000  x\n");
}

TEST(TextTableTest, LongTextIsCutAtCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdefg", 6), "abcd..");
  EXPECT_EQ(printable("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 4), "\xC3\xA4\xC3\xA4..");
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(12345678), "12,345,678");
}

TEST(ArenaChartTest, ShowsWhoLivesWhere) {
  test::GraphBuilder b({8, 8, 1});
  const int a = b.conv("a", 0, 4, Grid::unsigned_grid(8));
  const int c = b.conv("b", a, 4, Grid::unsigned_grid(8));
  b.add("sum", {a, c}, Grid::unsigned_grid(8));
  Lowered lowered;
  lowered.graph = b.graph();
  lowered.nodes.resize(3);
  lowered.nodes[0].scratch_bytes = lowered.nodes[1].scratch_bytes = 64;
  lowered.nodes[0].scratch_offset = 512;
  lowered.nodes[1].scratch_offset = 576;
  lowered.tensor_offsets = {256, 0, 256, 256};
  lowered.arena_bytes = 640;
  EXPECT_THAT(arena_chart(lowered, 10), ElementsAre("oooo#...s.", "####oooo.s", "####oooo.."));
}

}  // namespace
}  // namespace intact
