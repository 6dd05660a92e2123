#include "metrics/neighbours/memorisation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(MemorisationTest, IsByHandOnALine) {
  // To train 0, 10, 20: 1, 2, 0; to test 4, 13: 3, 1, 7 (1 -> 4, 12 -> 13, 20 -> 13).
  const Features train = on_a_line({0, 10, 20}), test = on_a_line({4, 13});
  const Features samples = on_a_line({1, 12, 20});
  const Memorisation found = memorisation(train.view(), test.view(), samples.view());
  EXPECT_EQ(found.median_to_train, 1.0);
  EXPECT_EQ(found.median_to_test, 3.0);
  EXPECT_EQ(found.mean_to_train, 1.0);
  EXPECT_DOUBLE_EQ(found.mean_to_test, 11.0 / 3.0);
  EXPECT_DOUBLE_EQ(found.median_ratio, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(found.mean_ratio, 3.0 / 11.0);
  EXPECT_DOUBLE_EQ(found.copy_share, 1.0 / 3.0);
  // Test to train: 4, 3; all samples are nearer, so U = 0 of 6: (0 − 3)/√(6·6/12).
  EXPECT_DOUBLE_EQ(found.z_score, -3.0 / std::sqrt(3.0));
}

TEST(MemorisationTest, IsThatOfSciPy) {
  // Distances of scikit-learn's NearestNeighbors, mannwhitneyu of SciPy.
  const Features train = checked_reference(), test = checked_samples();
  const Features samples = lcg_features(150, 6, 3);
  const Memorisation found = memorisation(train.view(), test.view(), samples.view());
  EXPECT_NEAR(found.median_to_train, 0.6207153395725413, 1e-12);
  EXPECT_NEAR(found.median_to_test, 0.6777233842825503, 1e-12);
  EXPECT_NEAR(found.mean_to_train, 0.6155410259215766, 1e-12);
  EXPECT_NEAR(found.mean_to_test, 0.7049170842077885, 1e-12);
  EXPECT_NEAR(found.z_score, 2.014412174867996, 1e-12);
}

TEST(MemorisationTest, FindsCopies) {
  const Features train = normal_features(300, 8, 1), test = normal_features(300, 8, 2);
  const Memorisation copies = memorisation(train.view(), test.view(), train.view());
  EXPECT_EQ(copies.median_ratio, 0.0);
  EXPECT_EQ(copies.copy_share, 1.0);
  EXPECT_LT(copies.z_score, -20.0);  // no sample is farther: −√(3·300·300/601) = −21.2
  const Features fresh = normal_features(300, 8, 3);
  const Memorisation honest = memorisation(train.view(), test.view(), fresh.view());
  EXPECT_NEAR(honest.median_ratio, 1.0, 0.05);
  EXPECT_EQ(honest.copy_share, 0.0);
  EXPECT_LT(std::abs(honest.z_score), 3.0);
  const Features off = normal_features(300, 8, 3, 2.0f);
  EXPECT_GT(memorisation(train.view(), test.view(), off.view()).z_score, 15.0);
}

}  // namespace
}  // namespace ebm::metrics
