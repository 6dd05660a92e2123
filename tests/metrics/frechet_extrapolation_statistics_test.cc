#include <gtest/gtest.h>

#include <cmath>

#include "metrics/frechet_extrapolation.h"
#include "metrics/mean_and_sd.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(FrechetExtrapolationStatisticsTest, TakesTheBiasAway) {
  // Of N(0, I): E|mean difference|² = d/N, and the trace term is about ‖S − I‖²/4 with expectation
  // d(d + 1)/(4N): FD_N = 9/N at d = 4, to first order, for N samples against the exact moments.
  // The reference of 40000 adds 9/40000 to everything.
  constexpr double kBias = 9.0;
  const Features reference = normal_features(40000, 4, 0);
  std::vector<double> at_infinity, slope, at_all;
  for (std::uint64_t repeat = 1; repeat <= 150; ++repeat) {
    const Features samples = normal_features(500, 4, repeat);
    const auto found = frechet_extrapolation(reference.view(), samples.view(), {.seed = repeat});
    at_infinity.push_back(found.at_infinity);
    slope.push_back(found.slope);
    at_all.push_back(found.distances.back());
  }
  const auto [mean, sd] = mean_and_sd(at_infinity);
  const double error = sd / std::sqrt(150.0);
  EXPECT_NEAR(mean, kBias / 40000, 4.0 * error);
  EXPECT_LT(error, 0.1 * kBias / 500);  // so that the bias at N would be seen
  const auto at_n = mean_and_sd(at_all);
  EXPECT_NEAR(at_n.mean, kBias / 500 + kBias / 40000, 4.0 * at_n.sd / std::sqrt(150.0));
  // Terms of second order count at the smallest subsets of 50.
  EXPECT_NEAR(mean_and_sd(slope).mean, kBias, 1.0);
}

TEST(FrechetExtrapolationStatisticsTest, ShrinkingTheReferenceTakesItsBiasToo) {
  std::vector<double> kept, shrunk;
  for (std::uint64_t repeat = 1; repeat <= 100; ++repeat) {
    const Features reference = normal_features(500, 4, 2 * repeat);
    const Features samples = normal_features(500, 4, 2 * repeat + 1);
    const auto run = [&](bool shrink) {
      return frechet_extrapolation(reference.view(), samples.view(),
                                   {.shrink_reference = shrink, .seed = repeat})
          .at_infinity;
    };
    kept.push_back(run(false));
    shrunk.push_back(run(true));
  }
  const auto of_kept = mean_and_sd(kept), of_shrunk = mean_and_sd(shrunk);
  EXPECT_NEAR(of_shrunk.mean, 0.0, 4.0 * of_shrunk.sd / 10.0);
  EXPECT_GT(of_kept.mean, 8.0 * of_kept.sd / 10.0);
}

}  // namespace
}  // namespace ebm::metrics
