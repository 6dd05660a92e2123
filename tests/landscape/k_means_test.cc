#include "landscape/k_means.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ebm::landscape {
namespace {

TEST(KMeansTest, FindsGroupsOfALine) {
  // Means 1, 11 and 21; squared distances 1 + 0 + 1 of each.
  const std::vector<float> rows{0, 10, 20, 1, 11, 21, 2, 12, 22};
  for (const std::uint64_t seed : {0, 1, 2, 3}) {
    const KMeans found = k_means(rows, 1, {.k = 3, .seed = seed});
    EXPECT_NEAR(found.inertia, 6.0, 1e-6);
    for (int i = 0; i < 9; ++i) {
      EXPECT_EQ(found.states[static_cast<std::size_t>(i)],
                found.states[static_cast<std::size_t>(i % 3)]);
      EXPECT_NEAR(
          found.centres[static_cast<std::size_t>(found.states[static_cast<std::size_t>(i)])],
          1.0 + 10.0 * (i % 3), 1e-5);
    }
  }
}

TEST(KMeansTest, OneCentreIsTheMean) {
  const std::vector<float> rows{0, 0, 2, 0, 1, 3};
  const KMeans found = k_means(rows, 2, {.k = 1});
  EXPECT_FLOAT_EQ(found.centres[0], 1.0f);
  EXPECT_FLOAT_EQ(found.centres[1], 1.0f);
  EXPECT_NEAR(found.inertia, 2.0 + 2.0 + 4.0, 1e-5);
}

TEST(KMeansTest, NeedsARowForEachCentre) {
  const std::vector<float> rows{0, 1, 2};
  EXPECT_THROW(k_means(rows, 1, {.k = 4}), Error);
  EXPECT_THROW(k_means(rows, 1, {.k = 0}), Error);
}

}  // namespace
}  // namespace ebm::landscape
