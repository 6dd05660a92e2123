#include "base/json_nesting.h"

#include <gtest/gtest.h>

#include <string>

namespace ebm::base {
namespace {

TEST(JsonNestingTest, CountsBracketsInsideEachOther) {
  EXPECT_FALSE(nests_deeper("", 0));
  EXPECT_FALSE(nests_deeper("{\"a\": [1, {\"b\": []}]}", 4));
  EXPECT_TRUE(nests_deeper("{\"a\": [1, {\"b\": []}]}", 3));
  EXPECT_FALSE(nests_deeper("[[], {}, [[]], {}]", 3));
  EXPECT_FALSE(nests_deeper("]]]]", 0));
}

TEST(JsonNestingTest, PassesOverBracketsInText) {
  EXPECT_FALSE(nests_deeper(R"(["[[[[", "\"[[[[", "\\", "\\\"[["])", 1));
  EXPECT_TRUE(nests_deeper(R"(["\\", [["]])", 2));
}

TEST(JsonNestingTest, HasALimitOfItsOwn) {
  EXPECT_FALSE(nests_deeper(std::string(16, '[')));
  EXPECT_TRUE(nests_deeper(std::string(17, '[')));
}

}  // namespace
}  // namespace ebm::base
