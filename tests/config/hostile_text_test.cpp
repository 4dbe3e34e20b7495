// Texts that are no config at all: every one a ConfigError at the right place.
#include <gtest/gtest.h>

#include <string>

#include "config/tree.h"
#include "config_text.h"

namespace intact::test {
namespace {

std::string repeat(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

TEST(HostileText, Empty) {
  expect_fault_as_whole("", {}, "the config is empty");
  expect_fault_as_whole("# only a comment\n", {}, "the config is empty");
  expect_fault_as_whole("---\n", {}, "the config is empty");
}

TEST(HostileText, NotAMap) {
  expect_fault("^just words\n", "must be a map of keys and values, not 'just words'");
  expect_fault("^- a\n- b\n", "must be a map of keys and values, not a list");
  expect_fault("# comment\n^'quoted'\n", "not the text 'quoted'");
}

TEST(HostileText, NulByte) {
  expect_fault(std::string("name: a^\0b\n", 11), "control character 0x00");
}

TEST(HostileText, ControlCharacters) {
  expect_fault("name: a\nseed: ^\x1b[31m1\n", "control character 0x1b");
  expect_fault("name: ^\x7f\n", "control character 0x7f");
}

TEST(HostileText, BinaryGarbage) {
  expect_fault(
      "^\x7f"
      "ELF\x02\x01\x01",
      "control character");
  expect_fault("^\x93NUMPY", "byte 0x93 is not UTF-8");
  expect_fault("^\x1f\x8b\x08", "control character 0x1f");
}

TEST(HostileText, InvalidUtf8) {
  expect_fault("name: \xc3\xa4^\xc3(\n", "byte 0xc3 is not UTF-8");     // a continuation byte is missing
  expect_fault("name: ^\xc0\xaf\n", "byte 0xc0 is not UTF-8");          // overlong
  expect_fault("name: ^\xed\xa0\x80\n", "byte 0xed is not UTF-8");      // a surrogate
  expect_fault("name: ^\xf4\x90\x80\x80\n", "byte 0xf4 is not UTF-8");  // beyond U+10FFFF
  expect_fault("name: ^\xe2\x82", "byte 0xe2 is not UTF-8");            // cut at the end
  ConfigText text = with_data("  path: \"/\xe2\x82\xac/\xf0\x9f\x98\x80\"\n");  // valid: 3 and 4 bytes
  EXPECT_EQ(parse(text).data.path, "/\xe2\x82\xac/\xf0\x9f\x98\x80");
}

TEST(HostileText, ByteOrderMark) {
  expect_fault("^\xef\xbb\xbfname: a\n", "byte order mark");
  expect_fault(std::string("^\xff\xfen\0a\0", 7), "byte order mark");
  expect_fault(std::string("^\xfe\xff\0n\0a", 7), "byte order mark");
}

TEST(HostileText, Tabs) {
  expect_fault("name: a\ndata:\n^\tpath: /x\n", "a tab in the indentation");
  expect_fault("name: a\ndata:\n  ^\tpath: /x\n", "a tab in the indentation");
  ConfigText text;
  text.top = "name: a\t# a tab before a comment is fine\n";
  EXPECT_EQ(parse(text).name, "a");
}

TEST(HostileText, LineEnds) {
  expect_fault("name: a^\rseed: 1\r", "a carriage return without a line feed");
  std::string windows = ConfigText{}.str();
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
    windows.replace(at, 1, "\r\n");
  EXPECT_EQ(parse_config(windows, "w"), parse(ConfigText{}));
}

TEST(HostileText, SeveralDocuments) {
  expect_fault(ConfigText{}.str() + "^---\nname: b\n", "a second YAML document starts here");
  expect_fault("---\n^---\nname: b\n", "a second YAML document starts here");
  EXPECT_EQ(parse_config("---\n" + ConfigText{}.str() + "...\n", "t").name, "sample");
}

TEST(HostileText, AnchorsAliasesTags) {
  expect_fault("name: ^&a b\nseed: *a\n", "anchor '&a' is not allowed");
  expect_fault("name: ^*a\n", "anchor is not defined");
  expect_fault("name: a\n<<: ^*base\n", "a text that starts with * or & needs quotes");
  expect_fault("name: ^!!str a\n", "tag 'tag:yaml.org,2002:str' is not allowed");
  expect_fault("data: ^!x {a: b}\n", "tag '!x' is not allowed");
  expect_fault("data: ^!x [a]\n", "tag '!x' is not allowed");
}

TEST(HostileText, DuplicateKeys) {
  expect_fault("name: a\nseed: 1\n^name: b\n", "duplicate key 'name' (it stands first in line 1)");
  expect_fault("name: a\ndata: {path: /a, ^path: /b}\n", "duplicate key 'path' (it stands first in line 2)");
  expect_fault("name: a\n^\"name\": b\n", "duplicate key 'name'");
}

TEST(HostileText, KeysThatAreNoWords) {
  expect_fault("^[a, b]: c\n", "a key must be a word");
  expect_fault("^{a: b}: c\n", "a key must be a word");
  expect_fault("^~: c\n", "a key must be a word");
}

TEST(HostileText, FaultyYaml) {
  expect_fault("name: \"no end^", "illegal EOF in scalar");
  expect_fault("name: ^@a\n", "unknown token");
  expect_fault("name: a\ndata: [1, 2\n^", "end of sequence flow not found");
  expect_fault("name: a^: b\n", "illegal map value");
}

TEST(HostileText, NestingUpTo64LevelsIsRead) {
  const TreeNode list = parse_tree(repeat("[", 64) + repeat("]", 64), "t");
  EXPECT_EQ(list.kind, TreeNode::Kind::kList);
  const TreeNode map = parse_tree(repeat("{a: ", 64) + "1" + repeat("}", 64), "t");
  EXPECT_EQ(map.kind, TreeNode::Kind::kMap);
}

TEST(HostileText, DeeperNestingIsRefused) {
  expect_fault(repeat("[", 64) + "^[" + repeat("]", 65), "nested deeper than 64 levels");
  expect_fault(repeat("{a: ", 64) + "^{a: 1" + repeat("}", 65), "nested deeper than 64 levels");
  expect_fault(repeat("- ", 64) + "^- a\n", "nested deeper than 64 levels");
  expect_fault(repeat("? ", 64) + "^? a\n", "nested deeper than 64 levels");
  std::string block;
  for (int i = 0; i < 64; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  expect_fault(block + std::string(64, ' ') + "^a: 1\n", "nested deeper than 64 levels");
}

TEST(HostileText, VeryDeepNestingDoesNotOverflow) {
  for (const char* opening :
       {"[", "{", "[{", "{a: ", "- ", "? ", "[a, ", "{[", "[[a]: ", "\"", "'", "&a ", "!a ", "*a "}) {
    SCOPED_TRACE(opening);
    EXPECT_THROW(parse_config(repeat(opening, 10000), "t"), ConfigError);
  }
}

TEST(HostileText, Size) {
  const std::string valid = ConfigText{}.str();
  const std::string full = valid + "#" + std::string(kMaxConfigBytes - valid.size() - 1, 'x');
  EXPECT_EQ(parse_config(full, "t").name, "sample");
  expect_fault_as_whole(full + "x", {}, "is larger than 1048576 bytes");
}

TEST(HostileText, ManyKeys) {
  std::string text = "name: a\n";
  for (int i = 0; i < 50000; ++i) text.append("k").append(std::to_string(i)).append(": 1\n");
  text += "^k49999: 2\n";
  expect_fault(text, "duplicate key 'k49999' (it stands first in line 50001)");
}

}  // namespace
}  // namespace intact::test
