#include "base/error.h"

#include <gtest/gtest.h>

#include <string>

namespace ebm {
namespace {

std::string what_of(const std::string& message) {
  return Error(ErrorCode::kBadData, message).what();
}

TEST(ErrorTest, KeepsAPlainMessage) {
  EXPECT_EQ(what_of("lr = 0: must be a positive number"), "lr = 0: must be a positive number");
  EXPECT_EQ(what_of("no such file: /home/zoë/写真.png"), "no such file: /home/zoë/写真.png");
}

TEST(ErrorTest, EscapesLineEndsControlCharactersAndBytesThatAreNotUtf8) {
  EXPECT_EQ(what_of("a\nb\r\tc\x1b[31m\x7f"), "a\\x0ab\\x0d\\x09c\\x1b[31m\\x7f");
  EXPECT_EQ(what_of(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(what_of("caf\xe9/x"), "caf\\xe9/x");
  // U+0085, U+2028 and U+2029 end lines, too; U+00A0 does not.
  EXPECT_EQ(what_of("\xc2\x85 \xe2\x80\xa8 \xe2\x80\xa9"),
            "\\xc2\\x85 \\xe2\\x80\\xa8 \\xe2\\x80\\xa9");
  EXPECT_EQ(what_of("\xc2\xa0"), "\xc2\xa0");
}

TEST(ErrorTest, KeepsBothEndsOfALongMessage) {
  const std::string message = "begin " + std::string(1000000, 'x') + " end";
  const std::string what = what_of(message);
  EXPECT_EQ(what.size(), 2000 + std::string(" ... (998010 bytes left out) ... ").size());
  EXPECT_TRUE(what.starts_with("begin xxx"));
  EXPECT_TRUE(what.ends_with("xxx end"));
  EXPECT_NE(what.find(" ... (998010 bytes left out) ... "), std::string::npos);
  EXPECT_EQ(what_of(std::string(2000, 'x')), std::string(2000, 'x'));
  EXPECT_LE(what_of(std::string(1000000, '\n')).size(), 8192u);
}

}  // namespace
}  // namespace ebm
