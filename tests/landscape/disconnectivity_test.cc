#include "landscape/disconnectivity.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace ebm::landscape {
namespace {

TEST(DisconnectivityTest, GroupsMeetAtTheirLowestSaddle) {
  // 0 and 2 meet at 1, 1 and 3 at 2; the lowest way between these groups is 2-3 at 5.
  const std::vector<double> saddles{0, 9, 1, 8,  //
                                    9, 0, 7, 2,  //
                                    1, 7, 0, 5,  //
                                    8, 2, 5, 0};
  const auto merges = disconnectivity_tree(saddles, 4);
  ASSERT_EQ(merges.size(), 3u);
  EXPECT_EQ(merges[0].left, 0);
  EXPECT_EQ(merges[0].right, 2);
  EXPECT_EQ(merges[0].energy, 1.0);
  EXPECT_EQ(merges[1].left, 1);
  EXPECT_EQ(merges[1].right, 3);
  EXPECT_EQ(merges[2].left, 4);
  EXPECT_EQ(merges[2].right, 5);
  EXPECT_EQ(merges[2].energy, 5.0);
}

TEST(DisconnectivityTest, OneMinimumHasNoSaddle) {
  EXPECT_TRUE(disconnectivity_tree(std::vector<double>{0}, 1).empty());
}

TEST(DisconnectivityTest, NeedsASaddleForEachPair) {
  EXPECT_THROW(disconnectivity_tree(std::vector<double>{0, 1, 1}, 2), Error);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(disconnectivity_tree(std::vector<double>{0, nan, nan, 0}, 2), Error);
}

}  // namespace
}  // namespace ebm::landscape
