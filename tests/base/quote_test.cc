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

}  // namespace
}  // namespace ebm::base
