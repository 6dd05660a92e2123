#include "ebm/objectives/recovery_likelihood.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "nets/architecture/with_noise_level.h"
#include "nets/files/model.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

/// The losses of a run, and its mean energies of samples.
struct RecoveryOfRun : LossesOfRun {
  void on_log(const training::TrainStats& stats) override {
    LossesOfRun::on_log(stats);
    losses.push_back(stats.value("energy_samples"));
    EXPECT_EQ(stats.value("saturation"), 0.0);
  }
};

class RecoveryLikelihoodTest : public ScoreMatchingCase {
 protected:
  RecoveryLikelihoodTest() : ScoreMatchingCase(ObjectiveKind::kRecoveryLikelihood) {
    keys_ = {"noise_sd_min=0.2", "noise_sd_max=1.6", "noise_levels=3", "sample_steps=24"};
  }
  void SetUp() override {
    ScoreMatchingCase::SetUp();
    architecture_ = nets::with_noise_level(architecture_);
  }
};

/// The precision k of E = ½·k·‖x − m‖² at which K steps from x̃ leave y of variance v as it is. With
/// P = k + 1/σ'², σ'² = σ²(r² − 1), ρ = 1 − hP the end is α·x̃ + β·m + noise,
///   α = ρ^K + (1 − ρ^K)/(σ'²P),  variance of the noise 2h·(1 − ρ^{2K})/(1 − ρ²),
/// and y keeps its variance where α²·(v + σ'²) + that variance = v.
double settled_precision(double sigma, double ratio, double step_size, int n_steps) {
  const double v = kGaussianSd * kGaussianSd + sigma * sigma;
  const double of_given = sigma * sigma * (ratio * ratio - 1.0);
  const double h = step_size / (1.0 / (sigma * sigma) + 1.0 / of_given);
  double low = 0.1 / v, high = 10.0 / v;
  while (high - low > 1e-9) {
    const double k = 0.5 * (low + high), p = k + 1.0 / of_given, rho = 1.0 - h * p;
    const double kept = std::pow(rho, n_steps), alpha = kept + (1.0 - kept) / (of_given * p);
    const double noise = 2.0 * h * (1.0 - kept * kept) / (1.0 - rho * rho);
    (alpha * alpha * (v + of_given) + noise > v ? low : high) = k;
  }
  return low;
}

TEST_F(RecoveryLikelihoodTest, LearnsThePrecisionOfAGaussianAtEachLevel) {
  options_.iterations = 1800;
  const auto net = trained();
  for (const double sigma : {0.25, 0.45, 0.75}) {
    SCOPED_TRACE(sigma);
    // The slope outwards on a circle around the mean, of radius √v.
    const double radius = std::sqrt(kGaussianSd * kGaussianSd + sigma * sigma);
    constexpr std::size_t kPoints = 16;
    std::vector<float> inputs, levels(kPoints, static_cast<float>(sigma)), points;
    const LevelForm form = level_form(sigma, options_.data_sd);
    for (std::size_t i = 0; i < kPoints; ++i) {
      const double angle = 2.0 * std::numbers::pi * static_cast<double>(i) / kPoints;
      for (const double u : {std::cos(angle), std::sin(angle)}) {
        const double x = kGaussianMean[points.size() % 2] + radius * u;
        points.push_back(static_cast<float>(x));
        inputs.push_back(static_cast<float>(form.c * x));
      }
    }
    const auto slopes = net->energy_gradients({inputs, levels}).energy_grads;
    double outwards = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double slope =
          form.scale * form.c * double{slopes[i]} + form.precision * double{points[i]};
      outwards += slope * (double{points[i]} - kGaussianMean[i % 2]) / kPoints;
    }
    const double precision = outwards / (radius * radius);
    EXPECT_NEAR(precision / settled_precision(sigma, 2.0, 0.3, 8), 1.0, 0.05);
  }
}

TEST_F(RecoveryLikelihoodTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  expect_same_bits();
}

TEST_F(RecoveryLikelihoodTest, ItsFileSaysHowToSample) {
  options_.iterations = 2;
  options_.log_every = 1;
  resolve();
  RecoveryOfRun recorder;
  train("run", recorder);
  const nets::SamplerRecipe recipe = nets::read_model(root_ / "run", {}).recipe;
  EXPECT_EQ(recipe.sampler, samplers::SamplerKind::kRecovery);
  EXPECT_EQ(recipe.n_levels, 3);
  EXPECT_EQ(recipe.n_steps, 24);
  EXPECT_EQ(recipe.levels.highest, 1.6f);
  EXPECT_EQ(recipe.levels.lowest, 0.2f);
  EXPECT_EQ(recipe.langevin.step_size, 0.3f);
  EXPECT_NEAR(*recipe.start_sd, std::hypot(1.6, options_.data_sd), 1e-5);
}

TEST_F(RecoveryLikelihoodTest, WhatDoesNotFitIsRefused) {
  EXPECT_NE(refusal_of(nets::preset("mlp-silu", {2, 1, 1}))
                .find("reads no noise level, which objective = recovery needs"),
            std::string::npos);
  const auto refusal = [](const std::vector<std::string>& keys) {
    return refusal_of_keys("recovery", keys);
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"step_size=0.2"}), "");
  EXPECT_EQ(refusal({"noise_sd_max=0.01"}),
            "noise_sd_min = 0.02: must be above 0 and below noise_sd_max, 0.01");
  EXPECT_EQ(refusal({"noise_sd_max=0", "noise_sd_min=0"}),
            "noise_sd_max = 0: must be above 0 with objective = recovery");
  EXPECT_EQ(refusal({"noise_levels=1"}), "noise_levels = 1: must be from 2 to 1000");
  EXPECT_EQ(refusal({"sample_steps=15"}),
            "sample_steps = 15: must be at least 2 for each of noise_levels, 16");
  EXPECT_EQ(refusal({"steps=3"}), "steps = 3: must be left out with objective = recovery");
}

}  // namespace
}  // namespace ebm
