#include "landscape/renumber.h"

#include <gtest/gtest.h>

namespace ebm::landscape {
namespace {

TEST(RenumberTest, NumbersInTheOrderOfComing) {
  std::vector<std::int64_t> states{7, 2, 7, 0, 2};
  EXPECT_EQ(renumber(states), 3);
  EXPECT_EQ(states, (std::vector<std::int64_t>{0, 1, 0, 2, 1}));
  states.clear();
  EXPECT_EQ(renumber(states), 0);
}

}  // namespace
}  // namespace ebm::landscape
