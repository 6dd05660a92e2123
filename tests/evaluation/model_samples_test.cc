#include "evaluation/model_samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "samplers/energies/diagonal_gaussian.h"
#include "tests/evaluation/two_values.h"

namespace ebm::evaluation {
namespace {

// A descent on ½·Σ(x − 0.5)² with step 0.5 halves the distance to 0.5: after ten steps from the box
// [−1, 1] at most 1.5/1024 is left, and E is at most 4/2·(1.5/1024)² = 4.3e-6.
TEST(ModelSamplesTest, ChainsMoveByTheModelsOwnSettings) {
  models::EnergyModel model{.energy = std::make_shared<samplers::DiagonalGaussian>(
                                std::vector<float>(4, 0.5f), std::vector<float>(4, 1.0f)),
                            .shape = {1, 2, 2}};
  model.settings = {.sampler = samplers::SamplerKind::kGradientDescent,
                    .step_size = 0.5f,
                    .box = samplers::Box{-1.0f, 1.0f}};
  const ImageRows waves{"waves", kN, moved(1, 0)};
  EvaluationImages images;
  images.reference = images.starts = images.test = waves;
  const TwoValues features;
  const FeatureComparison comparison(features, images.reference, images.test, {});
  const ModelSamples found =
      compare_model_samples(model, images, comparison, {.steps = 10, .long_run = 20});
  ASSERT_EQ(found.sets.size(), 2u);
  ASSERT_EQ(found.noise_energies.size(), static_cast<std::size_t>(kN));
  for (const float energy : found.noise_energies) {
    EXPECT_GT(energy, 0.0f);
    EXPECT_LE(energy, 4.4e-6f);
  }
  // Chains from noise are measured at both ends, and are the oldest at the second.
  ASSERT_TRUE(found.long_run);
  EXPECT_EQ(found.long_run->steps, (std::vector<std::int64_t>{10, 20}));
  EXPECT_GT(found.long_run->energy[0], found.long_run->energy[1]);
  EXPECT_EQ(found.long_run->fd[0], found.sets[0].quality.fd);
  EXPECT_EQ(found.oldest.name, "chains from noise after 20 steps");
  ASSERT_EQ(found.oldest.rows.size(), static_cast<std::size_t>(kN * kValues));
  for (const float x : found.oldest.rows) EXPECT_NEAR(x, 0.5f, 2e-6f);
  EXPECT_FALSE(found.film);
  EXPECT_TRUE(found.warnings.empty());
}

/// Long chains of ½·Σ(x/sd)² on four values.
std::vector<LongFd::Row> long_fd_of(float sd, std::int64_t steps,
                                    const samplers::SamplerSettings& settings,
                                    std::vector<float>& energies) {
  models::EnergyModel model{.energy = std::make_shared<samplers::DiagonalGaussian>(
                                std::vector<float>(4, 0.0f), std::vector<float>(4, sd)),
                            .shape = {1, 2, 2}};
  model.settings = settings;
  const ImageRows waves{"waves", kN, moved(1, 0)};
  EvaluationImages images;
  images.reference = images.starts = images.test = waves;
  const TwoValues features;
  const FeatureComparison comparison(features, images.reference, images.test, {});
  ModelSamples found = compare_model_samples(
      model, images, comparison, {.steps = steps, .long_run = 100 * steps, .takes_long_fd = true});
  EXPECT_TRUE(found.long_fd);
  EXPECT_EQ(found.long_fd->rows().size(), 3u);
  EXPECT_EQ(found.long_fd->rows()[0].fd, found.sets[0].quality.fd);
  energies = std::move(found.noise_energies);
  return found.long_fd->rows();
}

// Chains of Langevin dynamics on a Gaussian of precision k have the variance T/(k·(1 − h·k/2)) once
// they have settled, so that the mean of E over d values is (d/2)·T/(1 − h·k/2), with a standard
// deviation of √(d/2) times as much: here h·k = 0.25. That of a difference of two independent ones
// is √2 times as large. The FD of two features with standard deviations σ and 2σ, s and 2s in the
// data, is 5·(σ − s)² and the difference of means: with σ = 0.21 and s = 0.28 about 0.02, of
// collapsed chains 0.4. Of n = 300 chains σ is known to σ/√(2n) = 0.009, FD to 2·√17·0.07·0.009 =
// 0.005.
TEST(ModelSamplesTest, AGaussianStaysWhereItIs) {
  std::vector<float> energies;
  const auto rows =
      long_fd_of(0.2f, 50, {.step_size = 0.01f, .temperature = 1.0f, .start_sd = 0.2f}, energies);
  const double mean = 2.0 / 0.875, sd = mean / std::sqrt(2.0), root_n = std::sqrt(double{kN});
  std::int64_t times = 1;
  for (const LongFd::Row& row : rows) {
    EXPECT_EQ(row.times, times);
    EXPECT_EQ(row.steps, 50 * times);
    EXPECT_NEAR(row.energy, mean, 4.0 * sd / root_n) << times;
    EXPECT_LE(std::abs(row.drift), 4.0 * row.drift_se) << times;
    if (times > 1) {
      EXPECT_NEAR(row.drift_se * root_n / (std::sqrt(2.0) * sd), 1.0, 8.0 / root_n) << times;
      EXPECT_NEAR(row.fd, rows[0].fd, 4.0 * std::sqrt(2.0) * 0.005) << times;
    }
    times *= 10;
  }
}

// At T = 0 a step takes x to (1 − h/sd²)·x, so that E after 10·s steps is (1 − h/sd²)^(18·s) times
// that after s: with h/sd² = 0.01 and s = 5 it is 0.99⁹⁰, and 0.99⁹⁹⁰ after 100·s.
TEST(ModelSamplesTest, ADescentDriftsAsItsStepsSay) {
  std::vector<float> energies;
  const auto rows = long_fd_of(
      1.0f, 5, {.sampler = samplers::SamplerKind::kGradientDescent, .step_size = 0.01f}, energies);
  for (const auto& [row, kept] :
       {std::pair(rows[1], std::pow(0.99, 90)), std::pair(rows[2], std::pow(0.99, 990))}) {
    EXPECT_NEAR(row.energy / rows[0].energy, kept, 1e-4 * kept) << row.steps;
    EXPECT_NEAR(row.drift / rows[0].energy, kept - 1.0, 1e-4) << row.steps;
    double squares = 0.0;
    for (const float energy : energies) {
      const double change = (kept - 1.0) * (double{energy} - rows[0].energy);
      squares += change * change;
    }
    EXPECT_NEAR(row.drift_se, std::sqrt(squares / double{kN - 1} / double{kN}),
                1e-3 * row.drift_se);
  }
}

}  // namespace
}  // namespace ebm::evaluation
