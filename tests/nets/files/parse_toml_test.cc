#include "nets/files/parse_toml.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

void expect_refused(const std::string& text, const std::string& part) {
  expect_error(ErrorCode::kBadData, part, [&] { parse_toml(text, "c.toml"); });
}

TEST(ParseTomlTest, NamesOriginAndLine) {
  expect_refused("a = 1\nb = ", "c.toml:2: not TOML: ");
  expect_refused("a = 1\na = 2", "not TOML: ");
  expect_refused("a = '\xff'", "c.toml:1: not TOML: ");
}

TEST(ParseTomlTest, DeepKeysAndBracketsAreAnErrorAndNotAStackOverflow) {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "a.";
  for (const std::string& text :
       {deep + "a = 1", "[" + deep + "a]", "\n\nx = {" + deep + "a = 1}"}) {
    expect_refused(text, "not TOML: a key of more than 17 parts");
  }
  expect_refused("\n'a'. 'b' .\"c\" . a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1", "c.toml:2: ");
  expect_refused("a = " + std::string(100000, '['), "not TOML: brackets more than 64 deep");
  std::string tables;
  for (int i = 0; i < 65; ++i) tables += "{a = ";
  expect_refused("a = " + tables, "not TOML: brackets more than 64 deep");
}

TEST(ParseTomlTest, LettersOutsideAsciiNeedQuotes) {
  for (const char* key : {"\xc2\xa1", "ü", "Å", "ѐ", "写"}) {
    expect_refused("a = 1\n" + std::string(key) + " = 1", "c.toml:2: not TOML: a letter outside");
    const toml::table table = parse_toml("# " + std::string(key) + "\n'" + key + "' = 1", "x");
    EXPECT_EQ(table[key].value<int>(), 1);
  }
  EXPECT_EQ(parse_toml("\xef\xbb\xbf"
                       "a = 1",
                       "x")["a"]
                .value<int>(),
            1);  // a byte-order mark
}

// toml++ would read on behind it, into letters that are in no string.
TEST(ParseTomlTest, AQuotationMarkInsideAWordIsAnError) {
  for (const char* text : {"a = 000\"\xc2\xa1", "a = x'y'", "a = [1\a\"b\"]", "a\"b\" = 1"}) {
    expect_refused(text, "c.toml:1: not TOML: a quotation mark inside a word");
  }
  const char* sound = "\"a\".'b' = [\"1\",'2', {c='3'}]\r\n\td =\"4\"\n";
  EXPECT_EQ(parse_toml(sound, "t")["d"].value<std::string>(), "4");
  EXPECT_EQ(parse_toml("\xef\xbb\xbf'e' = 5", "t")["e"].value<int>(), 5);
}

TEST(ParseTomlTest, AMalformedValueEndsWhereItBegins) {
  for (const char* text :
       {"a =0[\'\'\'\'\' D\xef\xbb\xbd", "a = 1{\"\"\"\xc2\xa1", "a = 'x'[\"\xc2\xa1"}) {
    expect_refused(text, "c.toml:1: not TOML: a bracket inside a word");
  }
  for (const char* text :
       {"a = 0=\"\xc2\xa1", "a = [1 = '\xc2\xa1']", "a = {b = 1 = '\xc2\xa1'}",
        "a = [{b = 2}, c = 3]", "a = {b = [1], c = 2} = 3", "a = 1\nb = [\n2,\n3 = 4]"}) {
    expect_refused(text, ": not TOML: = inside a value");
  }
  expect_refused("a = 0.'\xc2\xa1'", "c.toml:1: not TOML: a quotation mark inside a word");
  const toml::table table = parse_toml(
      "[[t.\"\xc2\xa1\"]]\n[ u . 'v' ]\nw.'x' = {y.'z' = [[1], [{k = 2}, {k = [\n3]}\n]], 'q' = "
      "'\xc2\xa1'}\n"
      "d = 1979-05-27 07:32:00Z\n[e.f]\ng =[{h={}}]\ni={j=[],k=1.5}\n[l]\n",
      "t");
  EXPECT_EQ(table["u"]["v"]["w"]["x"]["q"].value<std::string>(), "\xc2\xa1");
  EXPECT_EQ(table["u"]["v"]["w"]["x"]["y"]["z"][1][1]["k"][0].value<int>(), 3);
  EXPECT_EQ(table["e"]["f"]["i"]["k"].value<double>(), 1.5);
}

// toml++ would look whether it is a blank, in ways that are undefined for most letters.
TEST(ParseTomlTest, ALetterOutsideAsciiBehindABackslashIsAnError) {
  const std::string problem = "a letter outside ASCII behind a backslash; write it as \\uXXXX";
  expect_refused("a = \"\"\"\\\xc2\xa1\"\"\"", "c.toml:1: " + problem);
  expect_refused("a = \"\"\"x\n\\ \t\n\r\n  \xc3\xa9\"\"\"", "c.toml:4: " + problem);
  expect_refused("a = \"\"\"\\\\\\\xef\xbf\xbc\"\"\"", "c.toml:1: " + problem);
  expect_refused("a = \"\\\xc2\xa1\"", "c.toml:1: not TOML");
  const toml::table table = parse_toml(
      "a = \"\"\"\xc3\xa9\\\n  \\u00e9 \xc3\xa9\\\\\xc3\xa9\\\n\\\"\"\"\"\nb = \"\\\"\xc3\xa9\"\n"
      "c = '''\\\xc3\xa9'''\nd = '\\\xc3\xa9'",
      "x");
  EXPECT_EQ(table["a"].value<std::string>(), "\xc3\xa9\xc3\xa9 \xc3\xa9\\\xc3\xa9\"");
  EXPECT_EQ(table["b"].value<std::string>(), "\"\xc3\xa9");
  EXPECT_EQ(table["c"].value<std::string>(), "\\\xc3\xa9");
  EXPECT_EQ(table["d"].value<std::string>(), "\\\xc3\xa9");
}

TEST(ParseTomlTest, DotsAndBracketsInTextAndCommentsCountForNothing) {
  const std::string many(1000, '.'), open(1000, '[');
  const std::string text = "a = '" + many + open + "' # " + many + open + "\n" +  //
                           "b = \"\\\"" + many + open + "\"\n" +                  //
                           "c = '''\n'" + many + "\n''" + open + "'''''\n" +      //
                           "d = \"\"\"\\\"\"\"" + many + "\\\"\"\"\"\n" +         //
                           "e = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 1.5, 2.5, 3.5, "
                           "4.5, 5.5, 6.5, 7.5, 8.5, 9.5]\nf = ''\n";
  const toml::table table = parse_toml(text, "x");
  EXPECT_EQ(table.size(), 6u);
  EXPECT_EQ(table["c"].value<std::string>(), "'" + many + "\n''" + open + "''");
  EXPECT_EQ(table["d"].value<std::string>(), "\"\"\"" + many + "\"");
  EXPECT_EQ(table["e"].as_array()->size(), 18u);
  // What is open in the text is no end of it.
  expect_refused("a = \"..." + many + "\n" + many, "not TOML");
  expect_refused("a = '''" + many, "not TOML");
}

TEST(ParseTomlTest, NumbersRoundToTheNearestDouble) {
  const toml::table table = parse_toml(
      "a = 9007199254740993\nb = -9223372036854775808\nc = 3\nd = 0.5\ne = 'x'\nf = true", "x");
  EXPECT_EQ(number_of(*table.get("a")), 9007199254740992.0);  // 2^53 + 1 rounds to even
  EXPECT_EQ(number_of(*table.get("b")), -9223372036854775808.0);
  EXPECT_EQ(number_of(*table.get("c")), 3.0);
  EXPECT_EQ(number_of(*table.get("d")), 0.5);
  EXPECT_FALSE(number_of(*table.get("e")));
  EXPECT_FALSE(number_of(*table.get("f")));
}

TEST(ParseTomlTest, StringsMayBeListsOfTextAndBytes) {
  const toml::table table = parse_toml(
      "a = 'x'\nb = ['caf', 0xe9, '/', 0]\nc = ['x', 256]\nd = ['x', -1]\ne = [['x']]\nf = 1", "x");
  EXPECT_EQ(string_of(*table.get("a")), "x");
  EXPECT_EQ(string_of(*table.get("b")), std::string("caf\xe9/\0", 6));
  for (const char* key : {"c", "d", "e", "f"}) EXPECT_FALSE(string_of(*table.get(key))) << key;
}

}  // namespace
}  // namespace ebm::nets
