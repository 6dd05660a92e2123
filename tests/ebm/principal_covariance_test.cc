#include "ebm/principal_covariance.h"

#include <gtest/gtest.h>

namespace ebm {
namespace {

// Along the axes: variances 9, 5, 1, 1, 0, 0, 0, 0, of mean 2. Two are above it, and half of the
// four that are not 0 are two: the others get (1 + 1)/6.
TEST(PrincipalCovarianceTest, DirectionsOfLittleVarianceShareIt) {
  const double variances[]{1, 0, 9, 0, 0, 5, 0, 1};
  std::vector<double> covariance(64, 0.0);
  for (std::size_t i = 0; i < 8; ++i) covariance[9 * i] = variances[i];
  const auto found = principal_covariance(covariance, 8, 1e-6);
  for (std::size_t row = 0; row < 8; ++row) {
    for (std::size_t column = 0; column < 8; ++column) {
      const double kept = row == 2 ? 9.0 : row == 5 ? 5.0 : 1.0 / 3.0;
      EXPECT_NEAR(found[8 * row + column], row == column ? kept : 0.0, 1e-12);
    }
  }
}

// Of x₀ = x₁ the one direction that varies is (1, 1)/√2 with variance 2: it is shared by both.
TEST(PrincipalCovarianceTest, OneDirectionIsSpreadOverAll) {
  const auto found = principal_covariance(std::vector<double>{1, 1, 1, 1}, 2, 1e-6);
  const double right[]{1, 0, 0, 1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found[i], right[i], 1e-12);
}

// λ = 6 along (1, 1)/√2, 1 along (1, −1)/√2 and 1 along the third axis, of mean 8/3: the first one
// stays, the others get 1 as they had.
TEST(PrincipalCovarianceTest, DirectionsAreEigenvectors) {
  const std::vector<double> covariance{3.5, 2.5, 0, 2.5, 3.5, 0, 0, 0, 1};
  const auto found = principal_covariance(covariance, 3, 1e-6);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(found[i], covariance[i], 1e-12);
}

}  // namespace
}  // namespace ebm
