#include "data/formats/natural_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ebm::data {
namespace {

TEST(NaturalOrderTest, RunsOfDigitsCountAsNumbers) {
  std::vector<std::string> names = {
      "img10.png", "img2.png", "img02.png", "img1.png", "a",
      "",          "img2a3",   "img2a20",   "img",      "99999999999999999999"};
  std::sort(names.begin(), names.end(), natural_less);
  EXPECT_EQ(names,
            (std::vector<std::string>{"", "99999999999999999999", "a", "img", "img1.png",
                                      "img02.png", "img2.png", "img2a3", "img2a20", "img10.png"}));
}

TEST(NaturalOrderTest, DifferentNamesAreNeverEqualAndNoNameIsBeforeItself) {
  EXPECT_TRUE(natural_less("a01", "a1"));
  EXPECT_FALSE(natural_less("a1", "a01"));
  EXPECT_FALSE(natural_less("a1", "a1"));
  EXPECT_TRUE(natural_less("z", "\xc3\xa9"));  // bytes above ASCII come after it
}

}  // namespace
}  // namespace ebm::data
