#include "metrics/wasserstein/optimal_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "metrics/neighbours/distance_tiles.h"
#include "metrics/wasserstein/wasserstein_1d.h"
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

TEST(OptimalTransportTest, PrimalIsDual) {
  for (const auto& [n, m] : {std::pair{1, 1}, {7, 5}, {40, 60}, {200, 200}}) {
    for (const double p : {1.0, 2.0}) {
      const Features a = lcg_features(n, 3, 1), b = lcg_features(m, 3, 2);
      const std::vector<double> costs = distance_costs(a.view(), b.view(), p);
      const Transport transport = solve_transport(costs, n, m);
      EXPECT_NEAR(transport.primal, transport.dual, 1e-9);
      EXPECT_LE(transport.dual, transport.primal + 1e-15);
      double f_sum = 0.0, g_sum = 0.0;
      for (std::int64_t i = 0; i < n; ++i) {
        f_sum += transport.f[static_cast<std::size_t>(i)];
        for (std::int64_t j = 0; j < m; ++j) {
          EXPECT_LE(
              transport.f[static_cast<std::size_t>(i)] + transport.g[static_cast<std::size_t>(j)],
              costs[static_cast<std::size_t>(i * m + j)] + 1e-15);
        }
      }
      for (const double g : transport.g) g_sum += g;
      EXPECT_NEAR(f_sum / n + g_sum / m, transport.dual, 1e-12);
    }
  }
}

TEST(OptimalTransportTest, OfTwoPointsIsTheirDistance) {
  const Features zero{{0, 0, 0}, 1, 3}, theta{{2, -1, 2}, 1, 3};
  EXPECT_EQ(wasserstein_exact(zero.view(), theta.view()), 3.0);
  EXPECT_EQ(solve_transport(distance_costs(zero.view(), theta.view(), 2.0), 1, 1).primal, 9.0);
}

/// Units of the first n rows minus those of the m rows after them.
std::vector<std::int64_t> weights_of(std::int64_t n, std::int64_t m) {
  std::vector<std::int64_t> weights(static_cast<std::size_t>(n), m);
  weights.resize(static_cast<std::size_t>(n + m), -n);
  return weights;
}

TEST(OneFunctionDualTest, IsThePrimalWhereTheCostIsAMetric) {
  for (const auto& [n, m] : {std::pair{1, 1}, {7, 5}, {30, 20}}) {
    const Features a = lcg_features(n, 3, 1), b = lcg_features(m, 3, 2);
    Features both{a.values, n + m, 3};
    both.values.insert(both.values.end(), b.values.begin(), b.values.end());
    const std::vector<double> costs = distance_costs(both.view(), both.view());
    const OneFunctionDual dual = solve_one_function_dual(costs, weights_of(n, m), 1.0 / (n * m));
    EXPECT_NEAR(dual.value, wasserstein_exact(a.view(), b.view()), 1e-9);
    for (std::size_t i = 0; i < dual.f.size(); ++i) {
      for (std::size_t j = 0; j < dual.f.size(); ++j) {
        EXPECT_LE(dual.f[i] - dual.f[j], costs[i * dual.f.size() + j] + 1e-11);
      }
    }
  }
}

// From 0 to 1 by (x − y)²: 1. But a function that may grow by 1/4 in each half grows by 1/2.
TEST(OneFunctionDualTest, IsLessWhereTheCostIsNone) {
  const Features points{{0.0f, 0.5f, 1.0f}, 3, 1};
  const std::vector<double> costs = distance_costs(points.view(), points.view(), 2.0);
  EXPECT_EQ(costs[2], 1.0);
  const Features zero{{0.0f}, 1, 1}, one{{1.0f}, 1, 1};
  EXPECT_EQ(solve_transport(distance_costs(zero.view(), one.view(), 2.0), 1, 1).dual, 1.0);
  EXPECT_EQ(solve_one_function_dual(costs, std::vector<std::int64_t>{1, 0, -1}, 1.0).value, 0.5);
}

TEST(OneFunctionDualTest, WeightsHaveToAddUpToZero) {
  const std::vector<double> costs(4, 1.0);
  EXPECT_TRUE(
      contains(message_of(ErrorCode::kShape,
                          [&] {
                            solve_one_function_dual(costs, std::vector<std::int64_t>{2, -1}, 1.0);
                          }),
               "weights add up to 1"));
}

TEST(OptimalTransportTest, TooManyPairsAreRefused) {
  const Features a = lcg_features(4097, 1, 1), b = lcg_features(4096, 1, 2);
  EXPECT_TRUE(
      contains(message_of(ErrorCode::kShape, [&] { wasserstein_exact(a.view(), b.view()); }),
               "exact transport of 4097 by 4096 rows"));
}

}  // namespace
}  // namespace ebm::metrics
