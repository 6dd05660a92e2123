#include "base/quote.h"

#include <gtest/gtest.h>

namespace ebm::base {
namespace {

TEST(QuoteTest, PrintableTextStandsBetweenMarks) {
  EXPECT_EQ(quote("a b~"), "\"a b~\"");
  EXPECT_EQ(quote("", '\''), "''");
}

TEST(QuoteTest, OtherBytesAreHexadecimal) {
  EXPECT_EQ(quote("\n\x1b\x7f\xe9"), "\"\\x0a\\x1b\\x7f\\xe9\"");
  EXPECT_EQ(quote(std::string_view("\0", 1)), "\"\\x00\"");
}

TEST(QuoteTest, LongTextIsCutAfter60Bytes) {
  const std::string sixty(60, 'x');
  EXPECT_EQ(quote(sixty, '|'), "|" + sixty + "|");
  EXPECT_EQ(quote(sixty + "x", '|'), "|" + sixty + "...|");
}

TEST(QuoteTest, AShellTakesTheWordForTheText) {
  EXPECT_EQ(shell_word("runs/a-1,b=c"), "runs/a-1,b=c");
  EXPECT_EQ(shell_word("Größe"), "Größe");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("~/x"), "'~/x'");
  EXPECT_EQ(shell_word("a 'b' \\c"), "'a '\\''b'\\'' \\c'");
  EXPECT_EQ(shell_word("$(x)\n'\\\x1b"), "$'$(x)\\x0a\\'\\\\\\x1b'");
  EXPECT_EQ(shell_word("caf\xe9"), "$'caf\\xe9'");
}

}  // namespace
}  // namespace ebm::base
