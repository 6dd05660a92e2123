#include "samplers/diagnostics/rank_normalize.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "samplers/diagnostics/quantile.h"
#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

TEST(RankNormalizeTest, NormalQuantilesAreThoseOfTables) {
  // Of SciPy's ndtri (Cephes).
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.3), -0.5244005127080409, 1e-14);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306167813, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-12), -7.034483825301131, 1e-12);
  EXPECT_NEAR(normal_quantile(0.5), 0.0, 1e-16);
  EXPECT_EQ(normal_quantile(1.0), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
}

TEST(RankNormalizeTest, EqualDrawsShareTheMeanOfTheirRanks) {
  // Ranks 4, 2.5, 1, 2.5 of 4: z = Φ⁻¹((r − 3/8)/4.25), and Φ⁻¹(0.625/4.25) = −1.0491313979639707.
  const Draws scores = rank_normalize(single_chain({30, 20, 10, 20}).view());
  EXPECT_NEAR(scores.values[0], 1.0491313979639707, 1e-12);
  EXPECT_NEAR(scores.values[1], 0.0, 1e-15);
  EXPECT_NEAR(scores.values[2], -1.0491313979639707, 1e-12);
  EXPECT_NEAR(scores.values[3], 0.0, 1e-15);
}

TEST(RankNormalizeTest, RanksAreAmongTheDrawsOfAllChains) {
  const Draws one = rank_normalize(single_chain({4, 1, 3, 2, 8, 5}).view());
  const Draws two = rank_normalize(Draws{{4, 1, 3, 2, 8, 5}, 3, 2}.view());
  EXPECT_EQ(two.n_chains, 2);
  EXPECT_EQ(one.values, two.values);
}

TEST(QuantileTest, IsLinearBetweenNeighbours) {
  const Draws draws = single_chain({40, 10, 30, 20});
  // h = 3p: 0, 0.75, 1.5, 2.7, 3.
  const auto q = quantiles(draws.view(), std::array{0.0, 0.25, 0.5, 0.9, 1.0});
  const std::vector<double> right{10, 17.5, 25, 37, 40};
  for (std::size_t i = 0; i < right.size(); ++i) EXPECT_NEAR(q[i], right[i], 1e-12) << i;
}

TEST(QuantileTest, OfNothingOrNaNIsNaN) {
  EXPECT_TRUE(std::isnan(quantiles(single_chain({}).view(), std::array{0.5})[0]));
  EXPECT_TRUE(std::isnan(quantiles(single_chain({1, std::nan("")}).view(), std::array{0.5})[0]));
}

TEST(QuantileTest, RefusesWhatIsNoRisingProbability) {
  const Draws draws = single_chain({1, 2});
  EXPECT_THROW(quantiles(draws.view(), std::array{1.5}), Error);
  EXPECT_THROW(quantiles(draws.view(), std::array{0.5, 0.4}), Error);
}

}  // namespace
}  // namespace ebm::samplers
