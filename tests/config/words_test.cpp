// Edit distance, suggestions, globs, printing of reals.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "config/glob.h"
#include "config/nearest.h"
#include "config/print_real.h"

namespace intact::test {
namespace {

TEST(EditDistance, KnownPairs) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("saturday", "sunday"), 3U);
  EXPECT_EQ(edit_distance("flaw", "lawn"), 2U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

TEST(Nearest, PicksTheClosest) {
  constexpr std::array<std::string_view, 4> words{"kernel", "stride", "batch_norm", "out"};
  EXPECT_EQ(nearest("kernal", words), "kernel");
  EXPECT_EQ(nearest("strides", words), "stride");
  EXPECT_EQ(nearest("batch", words), "batch_norm");
  EXPECT_EQ(nearest("otu", words), "out");
  EXPECT_EQ(nearest("quantizer", words), "");
  EXPECT_EQ(nearest(std::string(100000, 'k'), words), "");
}

TEST(Nearest, HintListsWhatIsValid) {
  constexpr std::array<std::string_view, 2> words{"flip", "shift"};
  EXPECT_EQ(nearest_hint("flop", words), "did you mean 'flip'? valid: flip, shift");
  EXPECT_EQ(nearest_hint("zzzzzzz", words), "valid: flip, shift");
}

TEST(Glob, Matches) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("*", "anything"));
  EXPECT_TRUE(glob_matches("conv1", "conv1"));
  EXPECT_FALSE(glob_matches("conv1", "conv10"));
  EXPECT_FALSE(glob_matches("conv1", "conv"));
  EXPECT_TRUE(glob_matches("conv?", "conv1"));
  EXPECT_FALSE(glob_matches("conv?", "conv"));
  EXPECT_TRUE(glob_matches("*_dw", "block1_dw"));
  EXPECT_FALSE(glob_matches("*_dw", "block1_dw_b"));
  EXPECT_TRUE(glob_matches("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(glob_matches("a*b*c", "aXcYb"));
  EXPECT_TRUE(glob_matches("block*_[ab]", "block12_b"));
  EXPECT_FALSE(glob_matches("block*_[ab]", "block12_c"));
  EXPECT_TRUE(glob_matches("conv[1-3]", "conv2"));
  EXPECT_FALSE(glob_matches("conv[1-3]", "conv4"));
  EXPECT_TRUE(glob_matches("conv[!1-3]", "conv4"));
  EXPECT_FALSE(glob_matches("conv[!1-3]", "conv2"));
  EXPECT_TRUE(glob_matches("[a-]", "-"));
  EXPECT_TRUE(glob_matches("**x**", "x"));
  EXPECT_FALSE(glob_matches("conv.", "conv1"));
}

TEST(Glob, Validity) {
  EXPECT_TRUE(glob_is_valid("a[bc]*?"));
  EXPECT_TRUE(glob_is_valid("[]]"));  // a ] first in a set stands for itself
  EXPECT_FALSE(glob_is_valid(""));
  EXPECT_FALSE(glob_is_valid("a["));
  EXPECT_FALSE(glob_is_valid("a[]"));
  EXPECT_FALSE(glob_is_valid("a[!]"));
  EXPECT_FALSE(glob_is_valid("a[b][c"));
  EXPECT_FALSE(glob_matches("a[", "a["));
}

TEST(Glob, ManyStarsEndSoon) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(1000, 'a')));
}

TEST(PrintReal, ShortestThatReadsBack) {
  EXPECT_EQ(print_real(0.1), "0.1");
  EXPECT_EQ(print_real(5), "5");
  EXPECT_EQ(print_real(0.286), "0.286");
  EXPECT_EQ(print_real(1.0 / 3.0), "0.3333333333333333");
  for (const double value : {1e-300, 1.7976931348623157e308, 0.30000000000000004, 1e-4, 123456789.125}) {
    EXPECT_EQ(std::stod(print_real(value)), value);
  }
}

}  // namespace
}  // namespace intact::test
