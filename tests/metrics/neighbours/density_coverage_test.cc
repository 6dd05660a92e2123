#include "metrics/neighbours/density_coverage.h"

#include <gtest/gtest.h>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(DensityCoverageTest, IsByHandOnALine) {
  // Open balls (−1, 1), (0, 2), (2, 4), (3, 5): 0.5 is in two, all else outside or at an end.
  const Features reference = on_a_line({0, 1, 3, 4});
  const Features samples = on_a_line({-1.5f, 2, 5, 5.5f, 0.5f});
  const DensityCoverage found = density_coverage(reference.view(), samples.view(), {.k = 1});
  EXPECT_EQ(found.density, 2.0 / 5.0);
  EXPECT_EQ(found.coverage, 2.0 / 4.0);
}

TEST(DensityCoverageTest, IsThatOfPrdc) {
  const Features reference = checked_reference(), samples = checked_samples();
  const DensityCoverage five = density_coverage(reference.view(), samples.view());
  EXPECT_DOUBLE_EQ(five.density, 1.157);
  EXPECT_DOUBLE_EQ(five.coverage, 0.88);
  const DensityCoverage three = density_coverage(reference.view(), samples.view(), {.k = 3});
  EXPECT_DOUBLE_EQ(three.density, 1.155);
  EXPECT_DOUBLE_EQ(three.coverage, 0.7433333333333333);
}

TEST(DensityCoverageTest, OfASetWithItselfIsOne) {
  const Features set = lcg_features(100, 5, 3);
  const DensityCoverage found = density_coverage(set.view(), set.view());
  EXPECT_EQ(found.density, 1.0);
  EXPECT_EQ(found.coverage, 1.0);
}

TEST(DensityCoverageTest, ExpectedCoverageIsByHand) {
  EXPECT_DOUBLE_EQ(expected_coverage(3, 2, 2), 1.0 - 2.0 / 4.0 * 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(expected_coverage(4, 4, 1), 1.0 - 3.0 / 7.0);
  EXPECT_NEAR(expected_coverage(1000000000, 1000000000, 5), 0.96875, 1e-8);
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage, [] { expected_coverage(5, 5, 5); }),
                       "n_reference = 5: must be at least 6"));
}

}  // namespace
}  // namespace ebm::metrics
