#include "metrics/gaussian_draws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "metrics/moments.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

constexpr base::RandomKey kKey{.seed = 3, .domain = base::Domain::kAnchorDraw};

/// 30 rows of three correlated numbers about (5, -2, 0).
Features few_rows() {
  Features set = normal_features(30, 3, 1);
  for (std::size_t i = 0; i < set.values.size(); i += 3) {
    set.values[i] = 5.0f + 2.0f * set.values[i];
    set.values[i + 1] = -2.0f + set.values[i] * 0.5f + set.values[i + 1];
  }
  return set;
}

TEST(GaussianDrawsTest, HaveTheMomentsOfTheSet) {
  const Features set = few_rows();
  const Moments wanted = moments_of(set.view());
  const std::int64_t n = 40000;
  const auto draws = gaussian_draws(set.view(), {.n = n, .key = kKey, .n_threads = 2});
  const Moments found = moments_of({draws, n, 3});
  for (std::size_t i = 0; i < 3; ++i) {
    const double variance_i = wanted.covariance[4 * i];
    EXPECT_NEAR(found.mean[i], wanted.mean[i], 5.0 * std::sqrt(variance_i / n));
    for (std::size_t j = 0; j < 3; ++j) {
      // Var of a sample covariance of a Gaussian: (Σ_ii Σ_jj + Σ_ij²)/n.
      const double c = wanted.covariance[3 * i + j];
      const double se = std::sqrt((variance_i * wanted.covariance[4 * j] + c * c) / n);
      EXPECT_NEAR(found.covariance[3 * i + j], c, 5.0 * se) << i << " " << j;
    }
  }
}

TEST(GaussianDrawsTest, BitsDoNotDependOnThreadsOrOnHowManyAreDrawn) {
  const Features set = few_rows();
  const auto reference = gaussian_draws(set.view(), {.n = 45, .key = kKey});
  for (const int threads : {2, 3, 7}) {
    EXPECT_EQ(gaussian_draws(set.view(), {.n = 45, .key = kKey, .n_threads = threads}), reference);
  }
  auto fewer = gaussian_draws(set.view(), {.n = 13, .key = kKey});
  EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), reference.begin()));
}

}  // namespace
}  // namespace ebm::metrics
