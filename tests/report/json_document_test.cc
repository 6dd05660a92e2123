#include "report/json_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace ebm::report {
namespace {

TEST(JsonDocumentTest, WhatIsNoObjectOfFiguresIsBadData) {
  const std::string deep(100000, '[');
  for (const std::string& text :
       {std::string("{"), std::string("[1]"), std::string(), deep, "{\"a\":" + deep,
        "]]]]" + deep.substr(0, 20), std::string(99, '}') + deep.substr(0, 100),
        std::string("\xFF")}) {
    try {
      parse_json_object(text, "e.json");
      ADD_FAILURE() << text.substr(0, 10);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_TRUE(std::string(error.what()).starts_with("e.json: ")) << error.what();
    }
  }
  EXPECT_EQ(parse_json_object("{\"b\": 1, \"a\": 2}", "e.json").begin().key(), "b");
}

std::string object_of(int n_keys) {
  std::string text = "{";
  for (int i = 0; i < n_keys; ++i) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  return text + "}";
}

TEST(JsonDocumentTest, AnObjectHasAThousandKeysAtMost) {
  const std::string most = object_of(1000), more = object_of(1001);
  EXPECT_EQ(parse_json_object(most, "e.json").size(), 1000u);
  // Each object is counted by itself.
  EXPECT_EQ(
      parse_json_object("{\"a\":[" + most + "," + most + "],\"b\":" + most + "}", "e.json").size(),
      2u);
  for (const std::string& text : {more, "{\"a\":" + more + "}", "{\"a\":[1," + more + "]}",
                                  "{\"a\":" + most + ",\"b\":" + object_of(100000) + "}"}) {
    try {
      parse_json_object(text, "e.json");
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_STREQ(error.what(),
                   "e.json: has an object of more than 1000 keys: too many for a page");
    }
  }
}

TEST(JsonDocumentTest, ManyObjectsInAnArrayTakeNoQuadraticTime) {
  // A parser that searches the array again for each object takes minutes.
  std::string text = "{\"modules\":[{}";
  for (int i = 0; i < 300000; ++i) text += ",{\"a\":1}";
  EXPECT_EQ(parse_json_object(text + "]}", "e.json").at("modules").size(), 300001u);
}

TEST(JsonDocumentTest, ColonsAndBracketsInStringsAreNoKeys) {
  const std::string colons = "\"" + std::string(5000, ':') + "\\\":{[\\\\\"";
  EXPECT_EQ(parse_json_object("{\"a\":" + colons + "," + colons + ":1}", "e.json").size(), 2u);
}

}  // namespace
}  // namespace ebm::report
