#include "tests/samplers/kolmogorov.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/samplers/kernels/grid_distribution.h"

namespace ebm::samplers {
namespace {

double uniform_cdf(double x) { return x; }
double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

TEST(KolmogorovTest, TailHasItsTabulatedValues) {
  EXPECT_NEAR(kolmogorov_tail(0.82757), 0.5, 1e-5);
  EXPECT_NEAR(kolmogorov_tail(1.22385), 0.10, 1e-5);
  EXPECT_NEAR(kolmogorov_tail(1.35810), 0.05, 1e-5);
  EXPECT_NEAR(kolmogorov_tail(1.62762), 0.01, 1e-6);
  EXPECT_NEAR(kolmogorov_tail(1.94947), 0.001, 1e-7);
  EXPECT_NEAR(kolmogorov_tail(0.5), 0.9639452, 1e-7);
  EXPECT_NEAR(kolmogorov_tail(1.0), 0.2699997, 1e-7);
  EXPECT_NEAR(kolmogorov_tail(1.0 - 1e-12), kolmogorov_tail(1.0), 1e-9);  // the series meet
  EXPECT_EQ(kolmogorov_tail(0.01), 1.0);
}

TEST(KolmogorovTest, DistanceLooksAtBothSidesOfAStep) {
  EXPECT_DOUBLE_EQ(kolmogorov_distance({0.5f}, uniform_cdf), 0.5);
  EXPECT_DOUBLE_EQ(kolmogorov_distance({0.25f, 0.25f}, uniform_cdf), 0.75);
  EXPECT_DOUBLE_EQ(kolmogorov_distance({0.75f, 0.75f}, uniform_cdf), 0.75);
  EXPECT_DOUBLE_EQ(kolmogorov_distance({0.875f, 0.125f, 0.625f, 0.375f}, uniform_cdf), 0.125);
}

TEST(KolmogorovTest, PValuesOfTrueDrawsAreUniform) {
  // 400 p-values of 500 draws each: under the truth they are uniform themselves.
  std::vector<float> p;
  const GridDistribution normal(-9, 9, [](double x) { return -0.5 * x * x; });
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    p.push_back(static_cast<float>(kolmogorov_p(normal.draws(500, seed), normal_cdf)));
  }
  EXPECT_GT(kolmogorov_p(p, uniform_cdf), 1e-3);
  EXPECT_NEAR(normal.cdf(0.7), normal_cdf(0.7), 1e-7);
  EXPECT_NEAR(normal.cdf(normal.quantile(0.2)), 0.2, 1e-9);
}

}  // namespace
}  // namespace ebm::samplers
