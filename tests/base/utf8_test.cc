#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/error.h"

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

using namespace std::string_literals;

/// What reading the text complains about.
std::string complaint(const std::string& bytes) {
  try {
    utf8_text(bytes, "net.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

TEST(Utf8TextTest, Utf8IsAsItIsAndLosesItsMark) {
  EXPECT_EQ(utf8_text("a = \"\xc3\xa4\"", "x"), "a = \"\xc3\xa4\"");
  EXPECT_EQ(utf8_text("\xef\xbb\xbf"
                      "a = 1",
                      "x"),
            "a = 1");
  EXPECT_EQ(utf8_text("\xef\xbb\xbf", "x"), "");
  EXPECT_EQ(utf8_text("", "x"), "");
  EXPECT_EQ(utf8_text("a", "x"), "a");
  // A zero byte that is no half of a character is for the parser to complain about.
  EXPECT_EQ(utf8_text("ab\0c"s, "x"), "ab\0c"s);
  EXPECT_EQ(utf8_text("\0\0ab"s, "x"), "\0\0ab"s);
}

TEST(Utf8TextTest, OtherEncodingsAreNamed) {
  EXPECT_EQ(complaint("\xff\xfe"
                      "a\0=\0"s),
            "net.toml: the text is UTF-16 (little-endian), must be UTF-8 (in PowerShell: "
            "Set-Content -Encoding utf8)");
  const auto is_named = [](const std::string& bytes, const std::string& name) {
    return complaint(bytes).find("the text is " + name + ", must be UTF-8") != std::string::npos;
  };
  EXPECT_TRUE(is_named("\xfe\xff\0a\0="s, "UTF-16 (big-endian)"));
  EXPECT_TRUE(is_named("\xff\xfe"s, "UTF-16 (little-endian)"));
  EXPECT_TRUE(is_named("\xff\xfe\0\0a\0\0\0"s, "UTF-32 (little-endian)"));
  EXPECT_TRUE(is_named("\0\0\xfe\xff\0\0\0a"s, "UTF-32 (big-endian)"));
  // Without a mark.
  EXPECT_TRUE(is_named("a\0=\0"s, "UTF-16 (little-endian)"));
  EXPECT_TRUE(is_named("\0a\0="s, "UTF-16 (big-endian)"));
  EXPECT_TRUE(is_named("a\0\0\0=\0\0\0"s, "UTF-32 (little-endian)"));
  EXPECT_TRUE(is_named("\0\0\0a\0\0\0="s, "UTF-32 (big-endian)"));
}

}  // namespace
}  // namespace ebm::base
