#include <gtest/gtest.h>

#include <cmath>

#include "metrics/mean_and_sd.h"
#include "metrics/wasserstein/minibatch_wasserstein.h"
#include "metrics/wasserstein/optimal_transport.h"
#include "metrics/wasserstein/sliced_wasserstein.h"
#include "metrics/wasserstein/wasserstein_1d.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(MinibatchWassersteinTest, OfOneBatchOfAllIsExact) {
  const Features a = lcg_features(50, 3, 1), b = lcg_features(50, 3, 2);
  const auto found =
      minibatch_wasserstein(a.view(), b.view(), {.n_batches = 1, .batch_size = 50, .seed = 9});
  EXPECT_NEAR(found.mean, wasserstein_exact(a.view(), b.view()), 1e-12);
  EXPECT_TRUE(std::isnan(found.sd));
}

TEST(MinibatchWassersteinTest, AveragesItsBatches) {
  const Features a = lcg_features(60, 3, 1), b = lcg_features(50, 3, 2);
  const auto found =
      minibatch_wasserstein(a.view(), b.view(), {.n_batches = 7, .batch_size = 20, .seed = 9});
  ASSERT_EQ(found.batches.size(), 7u);
  const auto [mean, sd] = mean_and_sd(found.batches);
  EXPECT_EQ(found.mean, mean);
  EXPECT_EQ(found.sd, sd);
  EXPECT_GT(sd, 0.0);
}

TEST(MinibatchWassersteinTest, WrongOptionsAreRefused) {
  const Features a = lcg_features(10, 3, 1), b = lcg_features(9, 3, 2);
  const auto message = [&](const MinibatchWassersteinOptions& options) {
    return message_of(ErrorCode::kUsage,
                      [&] { minibatch_wasserstein(a.view(), b.view("samples"), options); });
  };
  EXPECT_EQ(message({.batch_size = 10}), "batch_size = 10: must be at most the rows of samples, 9");
  EXPECT_TRUE(contains(message({.batch_size = 0}), "batch_size = 0"));
  EXPECT_TRUE(contains(message({.n_batches = 0, .batch_size = 2}), "n_batches = 0"));
}

TEST(SlicedWassersteinTest, OnALineIsExact) {
  const Features a = lcg_features(40, 1, 1), b = lcg_features(30, 1, 2);
  for (const double p : {1.0, 2.0}) {
    const auto found = sliced_wasserstein(a.view(), b.view(), {.n_projections = 3, .p = p});
    EXPECT_NEAR(found.value, wasserstein_1d(a.values, b.values, p), 1e-14);
  }
}

TEST(SlicedWassersteinTest, OfShiftedSetsIsTheMeanShadowOfTheShift) {
  // W_p^p of a slice is |u·s|^p: E|u₁| = Γ(d/2)/(√π·Γ((d + 1)/2)) for p = 1, 1/d for p = 2.
  for (const std::int64_t d : {2, 3, 10}) {
    const Features a = normal_features(50, d, 1);
    Features b = a;
    for (std::size_t i = 0; i < b.values.size(); i += static_cast<std::size_t>(d)) {
      b.values[i] += 4.0f;
    }
    const double half = 0.5 * static_cast<double>(d);
    const double shadow = std::exp(std::lgamma(half) - std::lgamma(half + 0.5)) / std::sqrt(M_PI);
    const auto one = sliced_wasserstein(a.view(), b.view(), {.n_projections = 4000});
    EXPECT_NEAR(one.value, 4.0 * shadow, 4.0 * one.power_standard_error);
    EXPECT_LT(one.power_standard_error, 0.02);
    const auto two = sliced_wasserstein(a.view(), b.view(), {.n_projections = 4000, .p = 2.0});
    EXPECT_NEAR(two.value * two.value, 16.0 / static_cast<double>(d),
                4.0 * two.power_standard_error);
  }
}

TEST(SlicedWassersteinTest, LongerRunsRepeatTheDirectionsOfShorterOnes) {
  const Features a = lcg_features(20, 3, 1), b = lcg_features(20, 3, 2);
  const auto run = [&](std::int64_t n, std::uint64_t seed) {
    return sliced_wasserstein(a.view(), b.view(), {.n_projections = n, .seed = seed}).value;
  };
  const double first = run(1, 7), both = run(2, 7);
  EXPECT_NE(first, run(1, 8));
  EXPECT_NE(first, 2.0 * both - first);  // the second direction is another one
  EXPECT_EQ(both, run(2, 7));
}

TEST(SlicedWassersteinTest, WrongOptionsAreRefused) {
  const Features a = lcg_features(10, 3, 1);
  const auto message = [&](const SlicedWassersteinOptions& options) {
    return message_of(ErrorCode::kUsage, [&] { sliced_wasserstein(a.view(), a.view(), options); });
  };
  EXPECT_TRUE(contains(message({.n_projections = 0}), "n_projections = 0"));
  EXPECT_TRUE(contains(message({.p = 0.0}), "p = 0"));
  EXPECT_TRUE(contains(message({.n_threads = 0}), "n_threads = 0"));
}

}  // namespace
}  // namespace ebm::metrics
