// parse_graph() over damaged and malicious bytes: an Error or the graph that these bytes spell, never a
// crash. (The sanitizer build runs the same tests.)
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/random.h"
#include "integer/graph.h"
#include "tests/integer/sample_graph.h"

namespace intact {
namespace {

using Bytes = std::vector<std::uint8_t>;
using nlohmann::json;
using testing::HasSubstr;

std::string refusal(const Bytes& bytes) {
  try {
    parse_graph(bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

// Accepted bytes must be the canonical form of what they give.
bool accepted(const Bytes& bytes) {
  try {
    const Graph graph = parse_graph(bytes);
    EXPECT_EQ(serialize_graph(graph), bytes);
    EXPECT_NO_THROW(verify(graph));
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(HostileBytes, EveryTruncationIsRefused) {
  const Bytes bytes = serialize_graph(test::sample_graph());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(accepted(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length))))
        << length;
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_THAT(refusal(longer), HasSubstr("bytes behind the end"));
}

TEST(HostileBytes, MutationsGiveAnErrorOrACanonicalGraph) {
  const Bytes bytes = serialize_graph(test::sample_graph());
  RandomStream rng(11, {1});
  int kept = 0;
  for (int i = 0; i < 20000; ++i) {
    Bytes mutated = bytes;
    const std::uint32_t changes = 1 + rng.below(3);
    for (std::uint32_t j = 0; j < changes; ++j) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(mutated.size()));
      switch (rng.below(4)) {
        case 0:
          mutated[at] = static_cast<std::uint8_t>(rng.below(256));
          break;
        case 1:
          mutated[at] ^= static_cast<std::uint8_t>(1U << rng.below(8));
          break;
        case 2:
          mutated.insert(mutated.begin() + static_cast<std::ptrdiff_t>(at),
                         static_cast<std::uint8_t>(rng.below(256)));
          break;
        default:
          mutated.erase(mutated.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
    kept += accepted(mutated) ? 1 : 0;
  }
  EXPECT_GT(kept, 0);      // a weight's sign or a bias may change and still verify
  EXPECT_LT(kept, 20000);  // most do not
}

TEST(HostileBytes, Noise) {
  RandomStream rng(12, {1});
  for (int i = 0; i < 5000; ++i) {
    Bytes noise(rng.below(64));
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(rng.below(256));
    ASSERT_FALSE(accepted(noise));
  }
}

// 4 Mi levels of each would overflow the stack of a reader that recurses.
TEST(HostileBytes, DeepNestingDoesNotRecurse) {
  const auto levels = [](std::uint8_t head) { return refusal(Bytes(std::size_t{1} << 22, head)); };
  EXPECT_THAT(levels(0x81), HasSubstr("nested too deep"));
  EXPECT_THAT(levels(0x9f), HasSubstr("a length that is not stated"));  // arrays,
  EXPECT_THAT(levels(0x5f), HasSubstr("a length that is not stated"));  // byte strings
  EXPECT_THAT(levels(0x7f), HasSubstr("a length that is not stated"));  // and text in pieces
  EXPECT_THAT(levels(0xa1), HasSubstr("a map or a tag"));
  EXPECT_THAT(levels(0xc1), HasSubstr("a map or a tag"));
}

TEST(HostileBytes, GiantLengths) {
  for (const std::uint8_t major : {0x40, 0x60, 0x80, 0xa0}) {
    const auto type = static_cast<std::uint8_t>(major | 0x1b);  // a 64-bit length follows
    EXPECT_NE(refusal({type, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), "accepted");
    EXPECT_NE(refusal({type, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x00}), "accepted");
  }
}

TEST(HostileBytes, TooManyElements) {
  Bytes bytes = {0x9b, 0, 0, 0, 0, 0x01, 0x40, 0, 0};  // 20 Mi zeros: 320 MiB if they were built
  bytes.resize(9 + (std::size_t{20} << 20), 0);
  EXPECT_THAT(refusal(bytes), HasSubstr("more than 16777216 values"));
}

TEST(HostileBytes, NamesTheFieldOfAWrongType) {
  const json sample = json::from_cbor(serialize_graph(test::sample_graph()));
  const auto expect = [&](const char* place, const std::string& pointer, const json& value) {
    json changed = sample;
    changed[json::json_pointer(pointer)] = value;
    EXPECT_THAT(refusal(json::to_cbor(changed)), HasSubstr(place)) << pointer;
  };
  expect("graph.magic", "/0", "other-graph");
  expect("graph.magic", "/0", 1);
  expect("graph.version", "/1", 2);
  expect("graph.name", "/2", 7);
  expect("graph.tensors", "/3", 7);
  expect("graph.nodes", "/4", "x");
  expect("graph.input", "/5", "x");
  expect("graph.output", "/6", 4294967296);
  expect("tensor 0: not an array of 6", "/3/0", json::array({1, 2}));
  expect("tensor 1.name", "/3/1/0", json::array());
  expect("tensor 1.h", "/3/1/1", 2147483648U);
  expect("tensor 1.w", "/3/1/2", -2147483649LL);
  expect("tensor 1.scale", "/3/1/5", -1);
  expect("tensor 1.grid.kind", "/3/1/4/0", 256);
  expect("tensor 1.grid.bits", "/3/1/4/1", true);
  expect("node 0: not an array of 3", "/4/0", 3);
  expect("node 0.state.op", "/4/0/0/0", -1);
  expect("node 0.state.window.extent", "/4/0/0/1/3", "3");
  expect("node 0.state.residual", "/4/0/0/3", 0);
  expect("node 0.state.weights", "/4/0/0/6", json::array({1, 2}));
  expect("node 0.state.q.m", "/4/0/0/7/2", 1);
  expect("node 0.state.q.b", "/4/0/0/7/3/0", 2147483648U);
  expect("node 0.inputs", "/4/0/1/0", "x");
  expect("no integer, boolean, string or array", "/2", 1.5);
  expect("no integer, boolean, string or array", "/2", nullptr);
  expect("a map or a tag", "/2", json::object());
}

TEST(HostileBytes, VerifiesWhatItRead) {
  Graph graph = test::sample_graph();
  graph.nodes[0].state.q.k += 1;
  EXPECT_THAT(refusal(serialize_graph(graph)), HasSubstr("[requantization.k]"));
}

TEST(HostileBytes, OtherSpellingsAreRefused) {
  const Bytes bytes = serialize_graph(test::sample_graph());
  // The version, 1, follows the array's head (1 byte) and the magic (1 + 12 bytes); 0x18 0x01 is 1 in two
  // bytes.
  ASSERT_EQ(bytes[14], 0x01);
  Bytes longer = bytes;
  longer.insert(longer.begin() + 14, 0x18);
  EXPECT_THAT(refusal(longer), HasSubstr("not in canonical form"));
}

}  // namespace
}  // namespace intact
