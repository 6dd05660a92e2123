// Estimates against known values, each within 4 of its own standard errors (a false alarm in one of
// 16,000 seeds), and the standard error below a stated size, so that the test can fail: a factor of
// 1.01 on the weights, of 0.97 on β in the base's part of E_β, or of 0.9 on the gradients carried
// along the path fails three to five of these cases each.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "base/random.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/energies/gaussian_mixture.h"
#include "tests/samplers/lane_energies.h"

namespace ebm::samplers {
namespace {

using Sampler = TransitionOptions::Sampler;

void expect_estimate(const LogZEstimate& found, double truth, double largest_se) {
  EXPECT_LT(found.se, largest_se);
  EXPECT_NEAR(found.log_z, truth, 4 * found.se) << "ESS " << found.ess;
  EXPECT_GT(found.acceptance, 0.5);
  EXPECT_LT(found.acceptance, 0.8);
}

void expect_forward(std::shared_ptr<const Energy> energy, AnnealedImportanceOptions options,
                    std::int64_t n, double largest_se) {
  options.seed = 3;
  AnnealedImportance ais(energy, options);
  expect_estimate(*ais.forward(n), *energy->log_z(), largest_se);
}

const AnnealedImportanceOptions kLarge{.n_temperatures = 300,
                                       .transitions = {.n_pilot_chains = 16}};

TEST(AnnealedImportanceTest, MeetsADiagonalGaussianIn784Dimensions) {
  expect_forward(diagonal_gaussian(784), kLarge, 128, 0.1);
}

TEST(AnnealedImportanceTest, MeetsACirculantGaussianIn784Dimensions) {
  expect_forward(circulant_gaussian(784, 0.15f), kLarge, 128, 0.1);
}

TEST(AnnealedImportanceTest, MeetsALowRankGaussianIn784Dimensions) {
  expect_forward(low_rank_gaussian(784, 20.0f, 5.0f), kLarge, 128, 0.1);
}

TEST(AnnealedImportanceTest, MeetsLogGamma) {
  // 4·(−5 ln 10 + lnΓ(5)) and lnΓ(2) − 2 ln 3 = −2.1972.
  expect_forward(log_gamma_energy(4, 5.0f, 10.0f), {.n_temperatures = 200}, 1024, 0.02);
  const auto one = log_gamma_energy(1, 2.0f, 3.0f);
  EXPECT_NEAR(*one->log_z(), -2.1972, 1e-4);
  expect_forward(
      one,
      {.base = {.sd = 2.0f}, .n_temperatures = 100, .transitions = {.sampler = Sampler::kMala}},
      1024, 0.02);
}

TEST(AnnealedImportanceTest, MeetsAGaussianCutOffAtTheWallsOfABox) {
  // Per coordinate ∫₋₁^{1.5} exp(−k·x²/2) dx = √(π/2k)·(erf(1.5·√(k/2)) + erf(√(k/2))).
  const float k = 2.0f;
  const double root = std::sqrt(k / 2.0);
  const double truth = 6 * std::log(std::sqrt(std::numbers::pi / (2.0 * k)) *
                                    (std::erf(1.5 * root) + std::erf(root)));
  const auto energy = std::make_shared<LaneEnergy>(
      6,
      [k](const float* x, float* energy, float* grad) {
        for (std::int64_t i = 0; i < 6 * kLanes; ++i) {
          energy[i % kLanes] += 0.5f * k * x[i] * x[i];
          grad[i] = k * x[i];
        }
      },
      truth);
  for (const Sampler sampler : {Sampler::kHmc, Sampler::kMala}) {
    expect_forward(energy,
                   {.base = {.box = Box{-1.0f, 1.5f}},
                    .n_temperatures = 100,
                    .transitions = {.sampler = sampler, .n_leapfrog = 3}},
                   1024, 0.01);
  }
}

TEST(AnnealedImportanceTest, MeetsAGaussianBernoulliMachine) {
  expect_forward(gaussian_rbm(4, 6), {.base = {.sd = 2.0f}, .n_temperatures = 100}, 1024, 0.03);
}

TEST(AnnealedImportanceTest, MeetsANormalisedMixture) {
  expect_forward(std::make_shared<GaussianMixture>(eight_gaussians()),
                 {.n_temperatures = 200, .transitions = {.n_leapfrog = 4}}, 1024, 0.05);
}

TEST(AnnealedImportanceTest, TemperatureDividesTheEnergy) {
  // exp(−k·x²/(2T)) integrates to √(2πT/k): d/2·ln T more than at T = 1.
  const auto energy = diagonal_gaussian(8);
  AnnealedImportance ais(energy, {.temperature = 0.25f, .n_temperatures = 200, .seed = 5});
  expect_estimate(*ais.forward(1024), *energy->log_z() + 4 * std::log(0.25), 0.03);
}

/// n exact draws of a mixture in the plane of equal modes of sd 0.5 at the given places, in turn.
std::vector<float> mixture_draws(const std::vector<float>& modes, std::size_t n) {
  std::vector<float> rows;
  for (std::size_t i = 0; i < n; ++i) {
    base::RandomStream stream({.seed = 8, .domain = base::Domain::kToyData}, i);
    rows.push_back(modes[i % modes.size()] + static_cast<float>(0.5 * stream.next_normal()));
    rows.push_back(static_cast<float>(0.5 * stream.next_normal()));
  }
  return rows;
}

TEST(AnnealedImportanceTest, ForwardAndReverseFromExactDrawsBracketTheTruth) {
  // Few temperatures, so that there is a gap to see.
  const auto mixture = std::make_shared<GaussianMixture>(2, std::vector<float>{-1, 0, 1, 0},
                                                         std::vector<float>{0.5f, 0.5f}, 0.5f);
  AnnealedImportance ais(
      mixture,
      {.base = {.sd = 2.0f}, .n_temperatures = 12, .transitions = {.n_leapfrog = 3}, .seed = 2});
  const auto forward = *ais.forward(2048);
  const auto reverse = *ais.reverse(mixture_draws({-1, 1}, 2048));
  expect_estimate(forward, 0.0, 0.05);
  expect_estimate(reverse, 0.0, 0.1);
  // The means of the log weights are off in their own directions, well beyond their errors.
  const double low = ais.log_z_base() + forward.mean_log_w;
  const double high = ais.log_z_base() - reverse.mean_log_w;
  EXPECT_LT(low, -0.05);
  EXPECT_GT(high, 0.05);
}

TEST(AnnealedImportanceTest, ReverseFromOneOfTwoModesFallsBelowTheTruthUnnoticed) {
  // Modes at 0, under the base N(0, I), and at 10, where its density is e⁻⁵⁰ of that at 0. No
  // forward chain finds the far mode: the estimate is ln ½, the mass of the near one. That it does
  // not know, as all weights that it sees are alike.
  const auto mixture = std::make_shared<GaussianMixture>(2, std::vector<float>{0, 0, 10, 0},
                                                         std::vector<float>{0.5f, 0.5f}, 0.5f);
  AnnealedImportance ais(mixture,
                         {.n_temperatures = 200, .transitions = {.n_leapfrog = 4}, .seed = 6});
  const auto forward = *ais.forward(1024);
  expect_estimate(forward, -std::numbers::ln2, 0.02);
  // Reverse from exact draws bounds from above, and the gap of ln 2 tells that something is wrong:
  // chains from the far mode end with weights near 0, so that the mean is halved.
  const auto exact = *ais.reverse(mixture_draws({0, 10}, 1024));
  expect_estimate(exact, 0.0, 0.1);
  EXPECT_NEAR(exact.log_z - forward.log_z, std::numbers::ln2, 0.2);
  // From the near mode only, which is what chains of a trained model may be stuck in, it is below
  // the truth by ln 2 as well. The gap is 0: the two agree on a wrong value.
  const auto one_mode = *ais.reverse(mixture_draws({0}, 1024));
  expect_estimate(one_mode, -std::numbers::ln2, 0.02);
  EXPECT_LT(one_mode.log_z, -0.6);
}

}  // namespace
}  // namespace ebm::samplers
