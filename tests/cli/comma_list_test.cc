#include "cli/comma_list.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::cli {
namespace {

TEST(CommaListTest, IsSplitAtEveryComma) {
  EXPECT_EQ(split_commas("a,bc,d"), (std::vector<std::string>{"a", "bc", "d"}));
  EXPECT_EQ(split_commas("a"), (std::vector<std::string>{"a"}));
  EXPECT_EQ(split_commas(",a,"), (std::vector<std::string>{"", "a", ""}));
}

TEST(CommaListTest, HoldsNumbers) {
  EXPECT_EQ(numbers_of("n", "1,128,9000000000", 1),
            (std::vector<std::int64_t>{1, 128, 9000000000}));
  EXPECT_EQ(numbers_of("threads", "0", 0), (std::vector<std::int64_t>{0}));
}

TEST(CommaListTest, ANumberIsReadWhole) {
  EXPECT_EQ(number_of("eps", "0.25"), 0.25);
  for (const char* text : {"", "1x", "x", "1,2"}) {
    nets::expect_error(ErrorCode::kUsage, ": must be a number, recipe or fit",
                       [&] { number_of("temperature", text, ", recipe or fit"); });
  }
}

TEST(CommaListTest, WhatIsNoNumberIsRefused) {
  for (const char* list : {"", "1,,2", "1,x", "2.5", "1 ,2", "99999999999999999999"}) {
    nets::expect_error(ErrorCode::kUsage, ": must be whole numbers with commas between them",
                       [&] { numbers_of("n", list, 1); });
  }
  nets::expect_error(ErrorCode::kUsage, "n = 0: must be at least 1",
                     [] { numbers_of("n", "4,0", 1); });
}

}  // namespace
}  // namespace ebm::cli
