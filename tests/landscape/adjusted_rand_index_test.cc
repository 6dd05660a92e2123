#include "landscape/adjusted_rand_index.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace ebm::landscape {
namespace {
using Parts = std::vector<std::int64_t>;

TEST(AdjustedRandIndexTest, NamesOfPartsDoNotMatter) {
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Parts{0, 0, 1, 1}, Parts{7, 7, 3, 3}), 1.0);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Parts{0, 0, 0}, Parts{1, 1, 1}), 1.0);
}

TEST(AdjustedRandIndexTest, IsTheFormulaByHand) {
  // {0,0,1,2} and {0,0,1,1}: n_ij gives 1 pair, a = 1, b = 2, e = 1·2/6: (1 − ⅓)/(1.5 − ⅓) = 4/7.
  EXPECT_NEAR(adjusted_rand_index(Parts{0, 0, 1, 2}, Parts{0, 0, 1, 1}), 4.0 / 7.0, 1e-15);
  // Crossing halves: 0 pairs of both, a = b = 2, e = 4/6: −⅔/(2 − ⅔) = −½.
  EXPECT_NEAR(adjusted_rand_index(Parts{0, 0, 1, 1}, Parts{0, 1, 0, 1}), -0.5, 1e-15);
}

TEST(AdjustedRandIndexTest, NeedsTheSameItems) {
  EXPECT_THROW(adjusted_rand_index(Parts{0}, Parts{0, 1}), Error);
  EXPECT_THROW(adjusted_rand_index(Parts{}, Parts{}), Error);
}

}  // namespace
}  // namespace ebm::landscape
