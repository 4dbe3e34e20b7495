// Damaged configs: a config, or a ConfigError; never anything else.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "config_text.h"
#include "core/random.h"

namespace intact::test {
namespace {

std::string shipped_text(const char* name) {
  std::ifstream in(std::filesystem::path(INTACT_SOURCE_DIR) / "configs" / name);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void mutate(std::string& text, RandomStream& random) {
  static const std::string kTokens[] = {"[",
                                        "]",
                                        "{",
                                        "}",
                                        ":",
                                        "- ",
                                        "\n",
                                        "  ",
                                        "\t",
                                        "&a ",
                                        "*a",
                                        "!!int ",
                                        "'",
                                        "\"",
                                        "|\n",
                                        ">",
                                        "? ",
                                        "#",
                                        "%YAML 1.2\n",
                                        "---\n",
                                        "...\n",
                                        "~",
                                        "null",
                                        "-1",
                                        "1e999",
                                        "nan",
                                        "99999999999999999999",
                                        std::string(1, '\0'),
                                        "\xff",
                                        "\xef\xbb\xbf",
                                        "same",
                                        "input",
                                        "bits: 0",
                                        "<<: "};
  const auto at = [&] {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(text.size() + 1)));
  };
  const std::size_t from = at();
  switch (random.below(5)) {
    case 0:
      text.insert(from, kTokens[random.below(std::size(kTokens))]);
      break;
    case 1:
      text.erase(from, 1 + random.below(20));
      break;
    case 2:
      if (from < text.size()) text[from] = static_cast<char>(random.below(256));
      break;
    case 3:
      text.insert(at(), text.substr(from, 1 + random.below(60)));
      break;
    default:
      text.resize(from);
  }
}

TEST(Mutations, OfShippedConfigs) {
  int parsed = 0, refused = 0;
  for (const char* name : {"fashion_mnist_mixed.yaml", "fashion_mnist_w1a1.yaml"}) {
    const std::string original = shipped_text(name);
    ASSERT_FALSE(original.empty());
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
      RandomStream random(seed, {0x6d7574617465});
      std::string text = original;
      for (std::uint32_t edits = 1 + random.below(4); edits > 0; --edits) mutate(text, random);
      try {
        const ExperimentConfig config = parse_config(text, "mutated");
        ASSERT_EQ(parse_config(dump_config(config), "dumped"), config) << text;
        ++parsed;
      } catch (const ConfigError& error) {
        ASSERT_FALSE(std::string(error.what()).empty());
        ASSERT_EQ(error.file(), "mutated") << error.what();
        ++refused;
      }
    }
  }
  EXPECT_GT(parsed, 50);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace intact::test
