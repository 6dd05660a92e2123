#include "base/text_table.h"

#include <gtest/gtest.h>

namespace ebm::base {
namespace {

TEST(TextTableTest, FirstColumnIsLeftAndOthersRight) {
  EXPECT_EQ(text_table({{"", "n", "KID"}, {"noise", "200", "1 ± 2"}, {"all", "7", "0"}}),
            "         n    KID\n"
            "noise  200  1 ± 2\n"
            "all      7      0\n");
}

TEST(TextTableTest, CellsHaveNoControlCharacters) {
  EXPECT_EQ(text_table({{"a\nb", "\x1b[2J"}, {"x", "1"}}),
            "a\\x0ab  \\x1b[2J\n"
            "x             1\n");
}

TEST(TextTableTest, ALineOfOneCellIsNotPadded) {
  EXPECT_EQ(text_table({{"a title"}, {"x", "1"}}),
            "a title\n"
            "x        1\n");
  EXPECT_EQ(text_table({}), "");
}

}  // namespace
}  // namespace ebm::base
