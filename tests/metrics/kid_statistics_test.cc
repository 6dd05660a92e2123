#include <gtest/gtest.h>

#include <cmath>

#include "metrics/kid.h"
#include "metrics/mean_and_sd.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(KidStatisticsTest, HasMeanZeroForOneDistribution) {
  // With the diagonal of the kernel it would have mean E[k(x, x) − k(x, y)]·2/n, about 0.3.
  std::vector<double> values;
  for (std::uint64_t repeat = 0; repeat < 500; ++repeat) {
    const Features reference = normal_features(50, 5, 2 * repeat);
    const Features samples = normal_features(50, 5, 2 * repeat + 1);
    values.push_back(
        kid(reference.view(), samples.view(), {.n_subsets = 1, .subset_size = 50}).mean);
  }
  const auto [mean, sd] = mean_and_sd(values);
  const double error = sd / std::sqrt(500.0);
  EXPECT_NEAR(mean, 0.0, 4.0 * error);
  EXPECT_LT(error, 0.01);
}

TEST(KidStatisticsTest, IsThatOfShiftedNormalsWhateverTheSize) {
  // d = 1, k = (xy + 1)³ = Σ C(3, i)·(xy)^i: MMD² = Σ C(3, i)·(E x^i − E y^i)². Moments of N(0, 1)
  // are 0, 1, 0; of N(1, 1) they are 1, 2, 4: 3·1 + 3·1 + 1·16 = 22.
  for (const std::int64_t n : {20, 80}) {
    std::vector<double> values;
    for (std::uint64_t repeat = 0; repeat < 1000; ++repeat) {
      const Features reference = normal_features(n, 1, 2 * repeat);
      const Features samples = normal_features(n, 1, 2 * repeat + 1, 1.0f);
      values.push_back(
          kid(reference.view(), samples.view(), {.n_subsets = 1, .subset_size = n}).mean);
    }
    const auto [mean, sd] = mean_and_sd(values);
    EXPECT_NEAR(mean, 22.0, 4.0 * sd / std::sqrt(1000.0));
  }
}

}  // namespace
}  // namespace ebm::metrics
