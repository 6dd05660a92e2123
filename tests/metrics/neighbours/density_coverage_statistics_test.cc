#include <gtest/gtest.h>

#include <cmath>

#include "metrics/mean_and_sd.h"
#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/two_sample_1nn.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

constexpr int kRepeats = 400;

/// Within four standard errors, and these small enough to tell k from k ± 1.
void expect_mean(const std::vector<double>& values, double expected, double largest_error) {
  const auto [mean, sd] = mean_and_sd(values);
  const double error = sd / std::sqrt(static_cast<double>(values.size()));
  EXPECT_NEAR(mean, expected, 4.0 * error);
  EXPECT_LT(error, largest_error);
}

TEST(DensityCoverageStatisticsTest, OfOneDistributionIsAsExpected) {
  for (const auto& [n, m, k] : {std::tuple{60, 60, 5}, {60, 40, 3}, {40, 90, 1}}) {
    std::vector<double> density, coverage;
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
      const auto seed = static_cast<std::uint64_t>(2 * repeat);
      const Features reference = normal_features(n, 3, seed);
      const Features samples = normal_features(m, 3, seed + 1);
      const auto found = density_coverage(reference.view(), samples.view(), {.k = k});
      density.push_back(found.density);
      coverage.push_back(found.coverage);
    }
    expect_mean(density, 1.0, 0.02);
    expect_mean(coverage, expected_coverage(n, m, k), 0.005);
  }
}

TEST(TwoSample1nnStatisticsTest, OfOneDistributionIsAsExpected) {
  const std::int64_t n = 30;
  std::vector<double> accuracy;
  for (int repeat = 0; repeat < 2 * kRepeats; ++repeat) {
    const auto seed = static_cast<std::uint64_t>(2 * repeat);
    const Features reference = normal_features(n, 3, seed);
    const Features samples = normal_features(n, 3, seed + 1);
    accuracy.push_back(two_sample_1nn(reference.view(), samples.view()).accuracy);
  }
  expect_mean(accuracy, static_cast<double>(n - 1) / static_cast<double>(2 * n - 1), 0.005);
}

}  // namespace
}  // namespace ebm::metrics
