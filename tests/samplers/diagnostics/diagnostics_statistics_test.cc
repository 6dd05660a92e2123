#include <gtest/gtest.h>

#include <cmath>

#include "samplers/diagnostics/autocorrelation.h"
#include "samplers/diagnostics/effective_sample_size.h"
#include "samplers/diagnostics/monte_carlo_error.h"
#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

struct Process {
  double rho;
  double tail_tau;  ///< 1 + 2·Σ_t of the correlations of 1[x_i <= q] and 1[x_{i+t} <= q]
};

// For q the 5 % quantile the covariance at lag t is ∫_0^{ρ^t} exp(−q²/(1+r))/(2π·√(1−r²)) dr, that
// of lag 0 is 0.05·0.95 (Plackett 1954); integrated by SciPy's quad.
constexpr Process kProcesses[] = {
    {-0.5, 1.0255590}, {0.0, 1.0}, {0.5, 1.6864401}, {0.8, 4.2062251}};

class AutoregressiveTest : public testing::TestWithParam<Process> {};

TEST_P(AutoregressiveTest, EffectiveSampleSizesAreThoseOfItsSpectrum) {
  // ESS/S = 1/τ, τ = 1 + 2·Σ ρ^t = (1 + ρ)/(1 − ρ); ranks of Gaussian draws are linear in them but
  // for noise of order 1/S. A sum over lags up to L estimates τ with relative variance 2·(2L + 1)/S
  // (Madras & Sokal 1988, eq. 4.19). Geyer's rule stops at the first pair of lags whose noise,
  // 1/√S, outweighs it: for S = 1.6e6 and |ρ| <= 0.8 near lag 30; 40 taken.
  const auto [rho, tail_tau] = GetParam();
  const Draws draws = autoregressive(rho, 100000, 16, 21);
  const double n = static_cast<double>(draws.values.size());
  const double tau = (1.0 + rho) / (1.0 - rho);
  const double se = std::sqrt(2.0 * (2.0 * 40.0 + 1.0) / n);
  EXPECT_NEAR(ess_mean(draws.view()) * tau / n, 1.0, 5 * se);
  EXPECT_NEAR(ess_bulk(draws.view()) * tau / n, 1.0, 5 * se);
  EXPECT_NEAR(ess_tail(draws.view()) * tail_tau / n, 1.0, 5 * se);
}

TEST_P(AutoregressiveTest, Lag1IsItsCoefficient) {
  // Bartlett: the variance of ρ̂_1 is (1 − ρ²)/S.
  const double rho = GetParam().rho;
  const Draws draws = autoregressive(rho, 50000, 4, 23);
  const double n = static_cast<double>(draws.values.size());
  EXPECT_NEAR(lag1_autocorrelation(draws.view()), rho, 5 * std::sqrt((1 - rho * rho) / n));
}

INSTANTIATE_TEST_SUITE_P(Coefficients, AutoregressiveTest, testing::ValuesIn(kProcesses));

TEST(MonteCarloErrorTest, ErrorsOfMeanAndSdAreOfTheSizeItSays) {
  // z = error/MCSE of 1000 independent runs: z² has mean 1 and variance 2, but for the error of the
  // MCSE itself, about 4 % in z².
  const double rho = 0.5, sd = 1.0 / std::sqrt(1.0 - rho * rho);
  const int n_runs = 1000;
  double mean_z2 = 0.0, sd_z2 = 0.0;
  for (int run = 0; run < n_runs; ++run) {
    const Draws draws = autoregressive(rho, 500, 4, 1000 + static_cast<std::uint64_t>(run));
    double sum = 0.0, square = 0.0;
    for (const double x : draws.values) sum += x;
    const double mean = sum / 2000.0;
    for (const double x : draws.values) square += (x - mean) * (x - mean);
    mean_z2 += std::pow(mean / mcse_mean(draws.view()), 2) / n_runs;
    sd_z2 += std::pow((std::sqrt(square / 1999.0) - sd) / mcse_sd(draws.view()), 2) / n_runs;
  }
  const double tolerance = 5 * std::sqrt(2.0 / n_runs) + 0.04;
  EXPECT_NEAR(mean_z2, 1.0, tolerance);
  EXPECT_NEAR(sd_z2, 1.0, tolerance);
}

}  // namespace
}  // namespace ebm::samplers
