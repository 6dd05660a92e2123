#include "ebm/objectives/equilibrium_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "base/random.h"
#include "nets/files/model.h"
#include "tests/ebm/objectives/bowl.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

/// Loss and ∂L/∂k of E = ½·k·‖x‖² of data N(0, s²I): data and noise have their second moments
/// exactly and are uncorrelated, and all pairs are taken at each of many γ.
ObjectiveStep equilibrium_of_a_bowl(double k, double s) {
  constexpr std::int64_t kDim = 50;
  constexpr std::size_t kPairs = 40, kGammas = 500;
  base::RandomStream random({.seed = 12}, 0);
  std::vector<float> noise, data;
  for (std::size_t i = 0; i < kPairs * kDim; ++i) {
    noise.push_back(static_cast<float>(random.next_normal()));
    data.push_back(static_cast<float>(random.next_normal()));
  }
  scale_to(1.0, noise);
  const double common = mean_product(noise, data);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] -= static_cast<float>(common) * noise[i];
  scale_to(s * s, data);
  std::vector<float> all_noise, all_data, gammas;
  for (std::size_t i = 0; i < kGammas; ++i) {
    all_noise.insert(all_noise.end(), noise.begin(), noise.end());
    all_data.insert(all_data.end(), data.begin(), data.end());
    gammas.insert(gammas.end(), kPairs, (static_cast<float>(i) + 0.5f) / kGammas);
  }
  return equilibrium_matching(Bowl(k, kDim), all_data, all_noise, gammas);
}

TEST(EquilibriumMatchingTest, OfAGaussianHasItsOptimumWhereTheRegressionHas) {
  // Of k·x_γ on c(γ)·(x₀ − x₁), for each coordinate, with
  //   ∫ c(γ)·(1 − γ) dγ = 4·0.48 + 20·0.2³/3 = 148/75,
  //   ∫ c(γ)·γ dγ = 4·0.32 + 20·(0.2²/2 − 0.2³/3) = 122/75,
  //   ∫ c(γ)² dγ = 16·0.8 + 400·0.2³/3 = 208/15,  E[x_γ²] = ∫ ((1 − γ)² + γ²s²) dγ = (1 + s²)/3:
  //   a = (148 − 122·s²)/75,  k = 3a/(1 + s²),  L(k) = (1 + s²)·208/15 − 3a²/(1 + s²).
  for (const double s : {0.5, 0.8, 1.3}) {
    const double total = 1.0 + s * s, a = (148.0 - 122.0 * s * s) / 75.0;
    const double at_0 = double{equilibrium_of_a_bowl(0.0, s).gradient[0][0]};
    const double at_1 = double{equilibrium_of_a_bowl(1.0, s).gradient[0][0]};
    EXPECT_NEAR(at_0 / (at_0 - at_1), 3.0 * a / total, 1e-3) << s;  // a parabola in k
    EXPECT_NEAR(equilibrium_of_a_bowl(3.0 * a / total, s).loss,
                total * 208.0 / 15.0 - 3.0 * a * a / total, 1e-3)
        << s;
  }
}

TEST(EquilibriumMatchingTest, SlopesEndAtTheData) {
  EXPECT_EQ(equilibrium_slope(0.0), 4.0);
  EXPECT_DOUBLE_EQ(equilibrium_slope(0.8), 4.0);
  EXPECT_DOUBLE_EQ(equilibrium_slope(0.95), 1.0);
  EXPECT_EQ(equilibrium_slope(1.0), 0.0);
}

class EquilibriumMatchingTrainerTest : public ScoreMatchingCase {
 protected:
  EquilibriumMatchingTrainerTest() : ScoreMatchingCase(ObjectiveKind::kEquilibriumMatching) {}
};

TEST_F(EquilibriumMatchingTrainerTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  expect_same_bits();
}

TEST_F(EquilibriumMatchingTrainerTest, LearnsAndItsFileSaysHowToSample) {
  options_.iterations = 300;
  options_.log_every = 100;
  keys_ = {"momentum=0.25"};
  resolve();
  LossesOfRun recorder;
  train("run", recorder);
  // From near E[c²]·(E[x₁²] + 1) for each value, as slopes of new weights are small.
  EXPECT_LT(recorder.losses.back(), 0.9 * 208.0 / 15.0 * (1.0 + kGaussianSd * kGaussianSd));
  const nets::SamplerRecipe recipe = nets::read_model(root_ / "run", {}).recipe;
  EXPECT_EQ(recipe.sampler, samplers::SamplerKind::kNesterov);
  EXPECT_EQ(recipe.momentum, 0.25f);
  EXPECT_EQ(recipe.n_steps, 250);
  EXPECT_EQ(recipe.langevin.step_size, 0.0017f);
  EXPECT_EQ(recipe.langevin.noise_scale, 0.0f);
  EXPECT_EQ(recipe.start_sd, 1.0f);
}

TEST_F(EquilibriumMatchingTrainerTest, WhatDoesNotFitIsRefused) {
  EXPECT_NE(refusal_of(nets::preset("mlp", {2, 1, 1})).find("objective = equilibrium: needs a"),
            std::string::npos);
  const auto refusal = [](const std::vector<std::string>& keys) {
    return refusal_of_keys("equilibrium", keys);
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"momentum=1"}), "momentum = 1: must be from 0 to 0.9999");
  EXPECT_EQ(refusal({"clamp_energy_grad=1"}),
            "clamp_energy_grad = 1: must be left out with objective = equilibrium");
}

}  // namespace
}  // namespace ebm
