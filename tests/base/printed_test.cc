#include "base/printed.h"

#include <gtest/gtest.h>

#include <limits>

namespace ebm::base {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(PrintedTest, IsWhatPrintfPrints) {
  EXPECT_EQ(printed("no values, 100 %%"), "no values, 100 %");
  EXPECT_EQ(printed("%5zu|%-6s|%+.3e|%lld %%|%c", std::size_t{7}, "ab", 1234.5, -3LL, 'x'),
            "    7|ab    |+1.234e+03|-3 %|x");
  EXPECT_EQ(printed("%5000d", 7), std::string(4999, ' ') + "7");
}

TEST(PrintedTest, ANumberThatIsNotFiniteIsAWordOfTheSameWidth) {
  EXPECT_EQ(printed("a %g, b %.3f %%", kNan, -kNan), "a undefined, b undefined %");
  EXPECT_EQ(printed("|%12.6g|%-12.4f|%+08.1e|", kNan, kInfinity, -kInfinity),
            "|   undefined|infinite    |-infinite|");
  EXPECT_EQ(printed("%d%% of %g and %g", 5, kNan, 2.5), "5% of undefined and 2.5");
}

TEST(PrintedTest, ATextIsOneLineWithoutControlCharacters) {
  EXPECT_EQ(printed("in %s, %d\n", "a\nb\x1b[31m\x07", 3), "in a\\x0ab\\x1b[31m\\x07, 3\n");
  EXPECT_EQ(printed("|%-6s|%6s|", std::string("\r"), std::string("é")), "|\\x0d  |    é|");
}

}  // namespace
}  // namespace ebm::base
