#include "samplers/diagnostics/rhat.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

TEST(RhatTest, IsStansOnItsOwnChains) {
  const Draws lp = stan_draws(0), theta = stan_draws(1);
  ASSERT_EQ(lp.values.size(), 4000u);
  EXPECT_NEAR(split_rhat(lp.view()), 1.00035489482, 1e-10);
  EXPECT_NEAR(split_rhat(theta.view()), 1.00721797217, 1e-10);
  EXPECT_NEAR(rank_normalized_rhat(lp.view()), 1.00073, 1e-5);
  EXPECT_NEAR(rank_normalized_rhat(theta.view()), 1.006789, 1e-5);
}

TEST(RhatTest, IsTheRatioOfVariances) {
  // Means 2 and 5, variances 1 and 4 of three draws: W = 2.5, var⁺ = 2.5·2/3 + 4.5.
  const Draws draws{{1, 2, 3, 3, 5, 7}, 3, 2};
  EXPECT_NEAR(rhat(draws.view()), std::sqrt((2.5 * 2 / 3 + 4.5) / 2.5), 1e-14);
}

TEST(RhatTest, SplittingSeesADriftOfEveryChain) {
  Draws draws = autoregressive(0.0, 400, 4, 1);
  EXPECT_LT(rank_normalized_rhat(draws.view()), 1.01);
  for (std::size_t i = 0; i < draws.values.size(); ++i) {
    draws.values[i] += 0.01 * static_cast<double>(i % 400);
  }
  EXPECT_LT(rhat(draws.view()), 1.01);
  EXPECT_GT(split_rhat(draws.view()), 1.2);
  EXPECT_GT(rank_normalized_rhat(draws.view()), 1.2);
}

TEST(RhatTest, FoldingSeesChainsOfOtherSpread) {
  Draws draws = autoregressive(0.0, 1000, 4, 2);
  for (std::size_t i = 0; i < 1000; ++i) draws.values[i] *= 4.0;
  EXPECT_LT(split_rhat(draws.view()), 1.01);
  EXPECT_GT(rank_normalized_rhat(draws.view()), 1.05);
}

TEST(RhatTest, RanksDoNotMindInfiniteMoments) {
  // One chain a Cauchy off by 2: the mean says nothing, the ranks do.
  Draws draws{{}, 1000, 4};
  for (std::uint64_t c = 0; c < 4; ++c) {
    base::RandomStream random({.seed = 3}, c);
    for (int i = 0; i < 1000; ++i) {
      const double ratio = random.next_normal() / random.next_normal();
      draws.values.push_back(ratio + (c == 0 ? 2.0 : 0.0));
    }
  }
  EXPECT_LT(split_rhat(draws.view()), 1.01);
  EXPECT_GT(rank_normalized_rhat(draws.view()), 1.05);
}

TEST(RhatTest, ChainsThatStandStillInDifferentPlacesDisagree) {
  const Draws draws{{3, 3, 3, 3, 4, 4, 4, 4}, 4, 2};
  EXPECT_EQ(split_rhat(draws.view()), std::numeric_limits<double>::infinity());
  EXPECT_GT(rank_normalized_rhat(draws.view()), 1e6);
}

TEST(RhatTest, OneChainIsComparedWithItself) {
  EXPECT_LT(rank_normalized_rhat(autoregressive(0.0, 1000, 1, 4).view()), 1.01);
  EXPECT_TRUE(std::isnan(rhat(autoregressive(0.0, 1000, 1, 4).view())));
}

TEST(RhatTest, OfDrawsThatSayNothingIsNaN) {
  for (const Draws& draws : {single_chain({1, 2, 3}), single_chain({2, 2, 2, 2, 2}),
                             single_chain({1, 2, std::nan(""), 3, 4}),
                             single_chain({1, 2, INFINITY, 3, 4}), Draws{{}, 10, 0}}) {
    EXPECT_TRUE(std::isnan(split_rhat(draws.view())));
    EXPECT_TRUE(std::isnan(rank_normalized_rhat(draws.view())));
  }
}

}  // namespace
}  // namespace ebm::samplers
