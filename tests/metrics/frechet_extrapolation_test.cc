#include "metrics/frechet_extrapolation.h"

#include <gtest/gtest.h>

#include "metrics/frechet_distance.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(FrechetExtrapolationTest, IsTheLineThroughTheDistances) {
  const Features reference = lcg_features(300, 3, 1), samples = lcg_features(200, 3, 2, 0.9f);
  const FrechetExtrapolation found = frechet_extrapolation(
      reference.view(), samples.view(), {.n_points = 4, .min_size = 50, .seed = 3});
  EXPECT_EQ(found.sizes, (std::vector<std::int64_t>{50, 100, 150, 200}));
  EXPECT_FALSE(found.is_rank_deficient);
  // The last subset is all samples.
  EXPECT_NEAR(found.distances[3], frechet_distance(reference.view(), samples.view()).value, 1e-12);
  EXPECT_GT(found.distances[0], 0.0);
  // Residuals of a least-squares line are orthogonal to 1 and to 1/N.
  double sum = 0.0, weighted = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double x = 1.0 / static_cast<double>(found.sizes[i]);
    const double residual = found.distances[i] - found.at_infinity - found.slope * x;
    sum += residual;
    weighted += residual * x;
  }
  EXPECT_NEAR(sum, 0.0, 1e-14);
  EXPECT_NEAR(weighted, 0.0, 1e-15);
}

TEST(FrechetExtrapolationTest, TwoPointsGiveTheLineByHand) {
  const Features reference = lcg_features(100, 2, 1), samples = lcg_features(100, 2, 2);
  const FrechetExtrapolation found =
      frechet_extrapolation(reference.view(), samples.view(), {.n_points = 2, .min_size = 50});
  // f(50) = a + s/50, f(100) = a + s/100: a = 2·f(100) − f(50).
  EXPECT_NEAR(found.at_infinity, 2.0 * found.distances[1] - found.distances[0], 1e-13);
  EXPECT_NEAR(found.slope, 100.0 * (found.distances[0] - found.distances[1]), 1e-11);
}

TEST(FrechetExtrapolationTest, SubsetsHangOnTheSeedAlone) {
  const Features reference = lcg_features(100, 2, 1), samples = lcg_features(100, 2, 2);
  const auto run = [&](std::uint64_t seed, bool shrink) {
    return frechet_extrapolation(reference.view(), samples.view(),
                                 {.shrink_reference = shrink, .seed = seed})
        .distances;
  };
  EXPECT_EQ(run(1, false), run(1, false));
  EXPECT_NE(run(1, false), run(2, false));
  EXPECT_NE(run(1, false), run(1, true));
}

TEST(FrechetExtrapolationTest, SmallSubsetsAreFlagged) {
  const Features reference = lcg_features(100, 8, 1), samples = lcg_features(100, 8, 2);
  const auto run = [&](std::int64_t min_size) {
    return frechet_extrapolation(reference.view(), samples.view(), {.min_size = min_size});
  };
  EXPECT_TRUE(run(8).is_rank_deficient);
  EXPECT_FALSE(run(9).is_rank_deficient);
}

TEST(FrechetExtrapolationTest, WrongOptionsAreRefused) {
  const Features reference = lcg_features(30, 2, 1), samples = lcg_features(40, 2, 2);
  const auto message = [&](const FrechetExtrapolationOptions& options) {
    return message_of(ErrorCode::kUsage, [&] {
      frechet_extrapolation(reference.view("reference"), samples.view("samples"), options);
    });
  };
  EXPECT_TRUE(contains(message({.n_points = 1}), "n_points = 1"));
  EXPECT_TRUE(contains(message({.min_size = 1}), "min_size = 1"));
  EXPECT_TRUE(contains(message({.min_size = 30}), "min_size = 30"));
  EXPECT_TRUE(contains(message({.shrink_reference = true}), "reference have 30 rows"));
  EXPECT_TRUE(contains(message({.n_threads = 0}), "n_threads = 0"));
}

}  // namespace
}  // namespace ebm::metrics
