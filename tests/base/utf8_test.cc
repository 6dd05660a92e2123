#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ebm::base {
namespace {

TEST(Utf8Test, CountsTheBytesOfACharacter) {
  EXPECT_EQ(utf8_length(""), 0u);
  EXPECT_EQ(utf8_length(std::string_view("\0", 1)), 1u);
  EXPECT_EQ(utf8_length("\x7f"), 1u);
  EXPECT_EQ(utf8_length("\xc2\x80"), 2u);      // U+0080
  EXPECT_EQ(utf8_length("\xdf\xbfx"), 2u);     // U+07FF
  EXPECT_EQ(utf8_length("\xe0\xa0\x80"), 3u);  // U+0800
  EXPECT_EQ(utf8_length("\xed\x9f\xbf"), 3u);  // U+D7FF
  EXPECT_EQ(utf8_length("\xee\x80\x80"), 3u);  // U+E000
  EXPECT_EQ(utf8_length("\xf0\x90\x80\x80"), 4u);
  EXPECT_EQ(utf8_length("\xf4\x8f\xbf\xbf"), 4u);  // U+10FFFF
}

TEST(Utf8Test, RefusesWhatIsNoCharacter) {
  for (const char* text : {"\x80", "\xbf",                      // continuation bytes alone
                           "\xc3", "\xc3(",                     // none where one is due
                           "\xe2\x82", "\xe2\x82(",             //
                           "\xc0\x80", "\xc1\xbf",              // overlong
                           "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",  //
                           "\xed\xa0\x80", "\xed\xbf\xbf",      // surrogates
                           "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(utf8_length(text), 0u) << text;
    EXPECT_FALSE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8("zoë 写真 🙂"));
  EXPECT_FALSE(is_utf8("zo\xeb"));
}

TEST(Utf8Test, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(to_utf8("zoë"), "zoë");
  EXPECT_EQ(to_utf8("a\xe9/b\xff\xfe"), "a\xef\xbf\xbd/b\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(to_utf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace ebm::base
