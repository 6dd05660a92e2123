#include "report/page/html_text.h"

#include <gtest/gtest.h>

namespace ebm::report {
namespace {

TEST(HtmlTextTest, WhatHtmlWouldReadAsItsOwnIsEscaped) {
  EXPECT_EQ(html_escaped("<script>alert('&\"')</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;");
  EXPECT_EQ(html_escaped("a = 1\n\tb"), "a = 1\n\tb");
  EXPECT_EQ(html_escaped(""), "");
}

TEST(HtmlTextTest, TextIsUtf8OrReplaced) {
  const std::string good = "é – \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF";
  EXPECT_EQ(html_escaped(good), good);
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(html_escaped("a\xFF<"), "a" + mark + "&lt;");
  EXPECT_EQ(html_escaped("\xC3"), mark);                                   // cut short
  EXPECT_EQ(html_escaped("\xC3("), mark + "(");                            // not continued
  EXPECT_EQ(html_escaped("\xC0\xBC"), mark + mark);                        // overlong "<"
  EXPECT_EQ(html_escaped("\xED\xA0\x80"), mark + mark + mark);             // a surrogate
  EXPECT_EQ(html_escaped(std::string("\0\x1B", 2)), mark + mark);          // control characters
  EXPECT_EQ(html_escaped("\xF4\x90\x80\x80"), mark + mark + mark + mark);  // beyond U+10FFFF
}

TEST(HtmlTextTest, JsonCannotEndItsScript) {
  EXPECT_EQ(json_for_script(R"(["</script>","<!--"])"), R"(["\u003c/script>","\u003c!--"])");
}

TEST(HtmlTextTest, PoliciesNameScriptsByTheirHash) {
  // SHA-256 of nothing.
  EXPECT_EQ(csp_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST(HtmlTextTest, PicturesAreBase64) {
  // RFC 4648, section 10.
  const std::string head = "data:image/png;base64,";
  EXPECT_EQ(png_data_uri(""), head);
  EXPECT_EQ(png_data_uri("f"), head + "Zg==");
  EXPECT_EQ(png_data_uri("fo"), head + "Zm8=");
  EXPECT_EQ(png_data_uri("foo"), head + "Zm9v");
  EXPECT_EQ(png_data_uri("foobar"), head + "Zm9vYmFy");
  EXPECT_EQ(png_data_uri("\xFB\xFF\xFE"), head + "+//+");
}

}  // namespace
}  // namespace ebm::report
