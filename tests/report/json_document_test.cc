#include "report/json_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace ebm::report {
namespace {

TEST(JsonDocumentTest, WhatIsNoObjectOfFiguresIsBadData) {
  const std::string deep(100000, '[');
  for (const std::string& text : {std::string("{"), std::string("[1]"), std::string(), deep,
                                  "{\"a\":" + deep, std::string("\xFF")}) {
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

}  // namespace
}  // namespace ebm::report
