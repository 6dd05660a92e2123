#include "metrics/optimal_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "metrics/distance_tiles.h"
#include "metrics/wasserstein_1d.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

/// The least mean cost of all n! ways to pair the rows.
double least_of_all_pairings(const FeatureView& x, const FeatureView& y) {
  std::vector<std::int64_t> partner(static_cast<std::size_t>(x.n()));
  std::iota(partner.begin(), partner.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0.0;
    for (std::int64_t i = 0; i < x.n(); ++i) {
      sum +=
          std::sqrt(squared_distance(x.row(i), y.row(partner[static_cast<std::size_t>(i)]), x.d()));
    }
    least = std::min(least, sum / static_cast<double>(x.n()));
  } while (std::next_permutation(partner.begin(), partner.end()));
  return least;
}

TEST(OptimalTransportTest, IsTheBestOfAllPairings) {
  for (std::int64_t n = 1; n <= 7; ++n) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const Features a = lcg_features(n, 3, 2 * seed), b = lcg_features(n, 3, 2 * seed + 1);
      EXPECT_NEAR(wasserstein_exact(a.view(), b.view()), least_of_all_pairings(a.view(), b.view()),
                  1e-11);
    }
  }
}

TEST(OptimalTransportTest, OnALineIsThatOfQuantiles) {
  for (const auto& [n, m] : {std::pair{7, 5}, {6, 4}, {1, 9}, {20, 20}}) {
    const Features a = lcg_features(n, 1, 1), b = lcg_features(m, 1, 2);
    EXPECT_NEAR(wasserstein_exact(a.view(), b.view()), wasserstein_1d(a.values, b.values), 1e-11);
  }
}

TEST(OptimalTransportTest, OfUnequalSizesIsThatOfALinearProgram) {
  // scipy.optimize.linprog (HiGHS) on 300 by 200 masses.
  const Features reference = checked_reference(), samples = checked_samples();
  EXPECT_NEAR(wasserstein_exact(reference.view(), samples.view()), 0.778391335834539, 1e-10);
}

TEST(OptimalTransportTest, OfShiftedSetsIsTheShift) {
  // Shifts by (3, 4)/4 of numbers in steps of 2⁻²³ round little.
  const Features a = lcg_features(60, 2, 5);
  Features b = a;
  for (std::size_t i = 0; i < b.values.size(); ++i) b.values[i] += i % 2 == 0 ? 0.75f : 1.0f;
  EXPECT_NEAR(wasserstein_exact(a.view(), b.view()), 1.25, 1e-6);
}

TEST(OptimalTransportTest, GrowsWithTheUnits) {
  const Features a = lcg_features(20, 3, 1), b = lcg_features(30, 3, 2);
  const double value = wasserstein_exact(a.view(), b.view());
  for (const float scale : {0x1p-90f, 0x1p-20f, 0x1p30f, 0x1p100f}) {
    const Features c = lcg_features(20, 3, 1, scale), d = lcg_features(30, 3, 2, scale);
    EXPECT_DOUBLE_EQ(wasserstein_exact(c.view(), d.view()) / static_cast<double>(scale), value);
  }
}

TEST(OptimalTransportTest, OfCopiesIsZero) {
  const Features constant{{2, 3, 2, 3, 2, 3}, 3, 2};
  EXPECT_EQ(wasserstein_exact(constant.view(), constant.view()), 0.0);
  const Features set = lcg_features(40, 2, 1);
  EXPECT_EQ(wasserstein_exact(set.view(), set.view()), 0.0);
}

TEST(OptimalTransportTest, TooManyPairsAreRefused) {
  const Features a = lcg_features(4097, 1, 1), b = lcg_features(4096, 1, 2);
  EXPECT_TRUE(
      contains(message_of(ErrorCode::kShape, [&] { wasserstein_exact(a.view(), b.view()); }),
               "exact transport of 4097 by 4096 rows"));
}

}  // namespace
}  // namespace ebm::metrics
