#include "nets/files/toml_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "nets/files/parse_toml.h"

namespace ebm::nets {
namespace {

std::string read_back(const std::string& text) {
  const toml::table table = parse_toml("v = " + text, "x");
  return string_of(*table.get("v")).value_or("no string");
}

TEST(TomlTextTest, WritesTheSimplestForm) {
  EXPECT_EQ(toml_text("images:pics"), "'images:pics'");
  EXPECT_EQ(toml_text("C:\\zoë \"x\""), "'C:\\zoë \"x\"'");
  EXPECT_EQ(toml_text("it's"), "\"it's\"");
  EXPECT_EQ(toml_text("\na\\b\x7f"), "\"\\u000Aa\\\\b\\u007F\"");
  EXPECT_EQ(toml_text("images:caf\xe9/2024"), "['images:caf', 0xE9, '/2024']");
  EXPECT_EQ(toml_text("\xff\xfe"), "[0xFF, 0xFE]");
  EXPECT_EQ(toml_quoted("say \"hi\""), "\"say \\\"hi\\\"\"");
  EXPECT_EQ(toml_text(3.0), "3.0");
  EXPECT_EQ(toml_text(1e-7), "1e-07");
  EXPECT_EQ(toml_text(-0.0), "-0.0");
}

TEST(TomlTextTest, EveryStringOfBytesReadsBack) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    for (const std::string& text : {one, one + one, "a" + one + "b", "\xc3" + one, one + "\n"}) {
      EXPECT_EQ(read_back(toml_text(text)), text) << byte;
    }
  }
  for (const char* text :
       {"", "\nx", "\r\n", "'''", "\"\"\"", "'''\n\"\"\"", "\\", "a\\", "# '", "[1]",
        "\xef\xbb\xbf", "\xc2\xa1 = 1", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(read_back(toml_text(text)), text);
  }
  std::mt19937_64 words(5);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (std::size_t n = words() % 12; n > 0; --n) {
      constexpr std::string_view kOdd = "'\"\\\n\r\t\x7f\x80\xc3\xa9\xe2\x80\xa8\xff";
      const auto word = words();
      text += word % 2 == 0 ? static_cast<char>(word >> 32) : kOdd[(word >> 8) % kOdd.size()];
    }
    EXPECT_EQ(read_back(toml_text(text)), text);
  }
}

}  // namespace
}  // namespace ebm::nets
