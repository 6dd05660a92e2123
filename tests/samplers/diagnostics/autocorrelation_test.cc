#include "samplers/diagnostics/autocorrelation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

class AutocovarianceTest : public testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(AutocovarianceTest, IsTheSumOfItsDefinition) {
  const auto [n_draws, n_chains] = GetParam();
  Draws draws = autoregressive(0.7, n_draws, n_chains, 6);
  for (double& x : draws.values) x += 3.0;
  const auto covariance = mean_autocovariance(draws.view());
  ASSERT_EQ(std::ssize(covariance), n_draws);
  for (int t = 0; t < n_draws; ++t) {
    double sum = 0.0;
    for (int c = 0; c < n_chains; ++c) {
      const auto x = draws.view().chain(c);
      double mean = 0.0;
      for (const double value : x) mean += value / n_draws;
      for (std::size_t i = 0; i + static_cast<std::size_t>(t) < x.size(); ++i) {
        sum += (x[i] - mean) * (x[i + static_cast<std::size_t>(t)] - mean);
      }
    }
    ASSERT_NEAR(covariance[static_cast<std::size_t>(t)], sum / (n_draws * n_chains), 1e-13)
        << "lag " << t;
  }
}

// Even and odd numbers of chains; lengths that are powers of two, primes and one.
INSTANTIATE_TEST_SUITE_P(Sizes, AutocovarianceTest,
                         testing::Values(std::tuple(1, 2), std::tuple(2, 1), std::tuple(5, 1),
                                         std::tuple(64, 2), std::tuple(97, 3), std::tuple(150, 8)));

TEST(AutocorrelationTest, Lag1IsTheOneOfAllLags) {
  const Draws draws = autoregressive(0.7, 101, 3, 7);
  const auto rho = autocorrelation(draws.view());
  EXPECT_EQ(rho[0], 1.0);
  EXPECT_NEAR(lag1_autocorrelation(draws.view()), rho[1], 1e-13);
}

TEST(AutocorrelationTest, OfOneChainIsByHand) {
  // x = 1, 2, 3, 4: s_0 = 5/4, s_1 = 5/16, W = 5/3, so ρ_1 = 1 − (5/3 − 5/16)/(5/4) = −1/12.
  EXPECT_NEAR(lag1_autocorrelation(single_chain({1, 2, 3, 4}).view()), -1.0 / 12.0, 1e-14);
}

TEST(AutocorrelationTest, CountsChainsThatDisagreeAsCorrelated) {
  Draws draws = autoregressive(0.0, 500, 2, 8);
  EXPECT_LT(lag1_autocorrelation(draws.view()), 0.2);
  for (std::size_t i = 0; i < 500; ++i) draws.values[i] += 100.0;
  EXPECT_GT(lag1_autocorrelation(draws.view()), 0.99);
}

TEST(AutocorrelationTest, OfDrawsThatSayNothingIsNaN) {
  EXPECT_TRUE(std::isnan(lag1_autocorrelation(single_chain({1, 2, 3}).view())));
  EXPECT_TRUE(std::isnan(lag1_autocorrelation(single_chain({2, 2, 2, 2}).view())));
  EXPECT_TRUE(std::isnan(autocorrelation(single_chain({2, 2, 2, 2}).view())[1]));
}

}  // namespace
}  // namespace ebm::samplers
