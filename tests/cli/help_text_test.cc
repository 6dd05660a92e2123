#include "cli/help_text.h"

#include <gtest/gtest.h>

namespace ebm::cli {
namespace {

TEST(HelpTextTest, LinesBreakAtSpacesWithinTheWidth) {
  EXPECT_EQ(wrap("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrap("one two three", 6, 0), "one\ntwo\nthree");
  EXPECT_EQ(wrap("", 6, 2), "");
}

TEST(HelpTextTest, AWordThatIsTooLongStandsAlone) {
  EXPECT_EQ(wrap("a gradient-descent b", 8, 1), "a\n gradient-descent\n b");
}

TEST(HelpTextTest, CharactersCountNotBytes) { EXPECT_EQ(wrap("σ²∇ E∇x", 7, 0), "σ²∇ E∇x"); }

TEST(HelpTextTest, LineBreaksStay) { EXPECT_EQ(wrap("one\ntwo three", 9, 2), "one\n  two three"); }

}  // namespace
}  // namespace ebm::cli
