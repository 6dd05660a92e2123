#include "samplers/diagnostics/effective_sample_size.h"

#include <gtest/gtest.h>

#include <cmath>

#include "samplers/diagnostics/monte_carlo_error.h"
#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

TEST(EffectiveSampleSizeTest, IsStansOnItsOwnChains) {
  const Draws lp = stan_draws(0), theta = stan_draws(1);
  ASSERT_EQ(lp.values.size(), 4000u);
  EXPECT_NEAR(ess_bulk(lp.view()), 1512.7684, 1e-4);
  EXPECT_NEAR(ess_bulk(theta.view()), 1407.5124, 1e-4);
  EXPECT_NEAR(ess_tail(lp.view()), 1591.9707, 1e-4);
  EXPECT_NEAR(ess_tail(theta.view()), 1291.7131, 1e-4);
  EXPECT_NEAR(mcse_mean(lp.view()), 0.02016, 1e-4);
  EXPECT_NEAR(mcse_mean(theta.view()), 0.00323, 1e-4);
}

TEST(EffectiveSampleSizeTest, OfAlternatingDrawsIsAtTheCap) {
  Draws draws = single_chain({});
  for (int i = 0; i < 1000; ++i) draws.values.push_back(i % 2 == 0 ? 1.0 : -1.0);
  draws.n_draws = 1000;
  EXPECT_NEAR(ess_mean(draws.view()), 3000.0, 1e-9);
}

TEST(EffectiveSampleSizeTest, OfAShortChainIsByHand) {
  // Five draws of 0, five of 1: s = 0.25, 0.175, 0.1, 0.025, ..., W = 5/18, var⁺ = 1/4, so that
  // ρ_t = s_t/0.25 − 1/9 = 1, 53/90, 26/90, −1/90: pairs 143/90 and 25/90, then ρ_4 = −28/90 is
  // dropped: τ = −1 + 2·168/90 = 41/15.
  const Draws draws = single_chain({0, 0, 0, 0, 0, 1, 1, 1, 1, 1});
  EXPECT_NEAR(effective_sample_size(draws.view()), 10.0 * 15.0 / 41.0, 1e-12);
}

TEST(EffectiveSampleSizeTest, CountsAnEvenLagBeforeTheLastPairOnce) {
  // s = 1/4, 1/48, 1/12, −1/16, ..., ρ_t = 4·s_t − 1/11 = 1, −1/132, 32/132, −45/132: one positive
  // pair of 131/132, and of the next ρ_2 alone: τ = −1 + 2·131/132 + 32/132 = 27/22.
  const Draws draws = single_chain({1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0});
  EXPECT_NEAR(effective_sample_size(draws.view()), 12.0 * 22.0 / 27.0, 1e-12);
}

TEST(EffectiveSampleSizeTest, OfChainsThatStandStillIsNoMoreThanChains) {
  Draws draws{{}, 100, 8};
  for (int c = 0; c < 8; ++c) draws.values.insert(draws.values.end(), 100, c * c);
  EXPECT_LT(ess_bulk(draws.view()), 9.0);
  EXPECT_GT(ess_bulk(draws.view()), 7.0);
}

TEST(EffectiveSampleSizeTest, OfManyShortChainsThatStandStillIsNotManyDraws) {
  // 4 draws a chain: one pair of lags is all there is, and it has to count.
  Draws draws{{}, 4, 500};
  for (int c = 0; c < 500; ++c) draws.values.insert(draws.values.end(), 4, c);
  EXPECT_LT(ess_bulk(draws.view()), 700.0);
}

TEST(EffectiveSampleSizeTest, TailOfAMajorityOfEqualDrawsIsThatOfTheOtherIndicator) {
  // 10 % at 0, the rest at 1: all are at or below the 95 % quantile, which is 1.
  Draws draws = single_chain({});
  base::RandomStream random({.seed = 5}, 0);
  for (int i = 0; i < 1000; ++i) {
    draws.values.push_back(random.next_uniform() < 0.1f ? 0.0 : 1.0);
  }
  draws.n_draws = 1000;
  EXPECT_GT(ess_tail(draws.view()), 500.0);
}

TEST(EffectiveSampleSizeTest, OfDrawsThatSayNothingIsNaN) {
  for (const Draws& draws : {single_chain({1, 2, 3}), single_chain({2, 2, 2, 2, 2}),
                             single_chain({1, 2, std::nan(""), 3, 4}),
                             single_chain({1, 2, INFINITY, 3, 4}), Draws{{}, 10, 0}}) {
    EXPECT_TRUE(std::isnan(ess_mean(draws.view())));
    EXPECT_TRUE(std::isnan(ess_bulk(draws.view())));
    EXPECT_TRUE(std::isnan(ess_tail(draws.view())));
    EXPECT_TRUE(std::isnan(mcse_mean(draws.view())));
    EXPECT_TRUE(std::isnan(mcse_sd(draws.view())));
  }
}

}  // namespace
}  // namespace ebm::samplers
