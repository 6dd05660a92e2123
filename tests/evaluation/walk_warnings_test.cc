#include "evaluation/walk_warnings.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"

namespace ebm::evaluation {
namespace {

using samplers::SamplerKind;

/// Images of 1x2x2 with E = ½·Σ(x/0.1)²; the recipe is 100 steps of Langevin of size 0.001.
models::EnergyModel image_model() {
  models::EnergyModel model{.energy = std::make_shared<samplers::DiagonalGaussian>(
                                std::vector<float>(4, 0.0f), std::vector<float>(4, 0.1f)),
                            .n_steps = 100,
                            .shape = {1, 2, 2},
                            .is_image = true};
  model.settings.step_size = 0.001f;
  return model;
}

std::vector<std::string> warnings_of(const samplers::SamplerSettings& settings, std::int64_t steps,
                                     bool is_image = true) {
  models::EnergyModel model = image_model();
  model.is_image = is_image;
  const std::vector<float> starts(5 * 4, 0.5f);
  return warnings_before(model, starts, {.n = 5, .steps = steps}, settings);
}

TEST(WalkWarningsTest, TheRecipeIsNotSuspicious) {
  EXPECT_TRUE(warnings_of(image_model().settings, 100).empty());
  EXPECT_TRUE(warnings_of(image_model().settings, 1).empty());  // a hundredth of the way
}

TEST(WalkWarningsTest, AWayFarShorterThanThatOfTheRecipeIsNamed) {
  // 90 steps of 1e-5 go 0.009 of 100 steps of 1e-3.
  const auto lines = warnings_of({.sampler = SamplerKind::kLangevin, .step_size = 1e-5f}, 90);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0],
            "90 steps of langevin with step size 1e-05 go 0.9 % as far as the model's recipe (100 "
            "steps of langevin with step size 0.001): samples will look like their starts");
  // Ten trajectories of ½·(10·h)² are 0.0005 with h = 0.001.
  EXPECT_EQ(warnings_of({.sampler = SamplerKind::kHmc, .step_size = 0.001f}, 10).size(), 1u);
  EXPECT_TRUE(warnings_of({.sampler = SamplerKind::kHmc, .step_size = 0.01f}, 10).empty());
}

TEST(WalkWarningsTest, ASamplerThatAcceptsNothingIsNamed) {
  // The curvature is 100: steps of 1 overshoot by far.
  const auto lines = warnings_of({.sampler = SamplerKind::kMala, .step_size = 1.0f}, 100);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0],
            "mala with step size 1 accepts none of 50 proposals at the starts: chains will not "
            "move; take a smaller --step-size, or --adapt with --burn-in");
  EXPECT_TRUE(warnings_of({.sampler = SamplerKind::kMala, .step_size = 0.001f}, 100).empty());
}

TEST(WalkWarningsTest, OnlyModelsOfImagesAreTried) {
  EXPECT_TRUE(warnings_of({.sampler = SamplerKind::kMala, .step_size = 1.0f}, 1, false).empty());
}

// E = 2·(x² − 1)²: from x = 3 a proposal of step 0.1 lands at 3 − 0.1·192 ± 0.45 = −16, where E is
// 130,000; from x = 1 it stays near.
TEST(WalkWarningsTest, ChainsThatAcceptNothingAreCounted) {
  samplers::SamplerSettings settings{.sampler = SamplerKind::kMala, .step_size = 0.1f};
  const samplers::DoubleWell energy(1);
  const std::vector<float> starts{1, 3, -1, -3, 3};
  const Walk walk = walk_chains(energy, starts, {.n = 5, .steps = 50, .seed = 1}, settings);
  EXPECT_EQ(walk.n_stuck(), 3);
  const auto lines = warnings_after(walk, settings);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0],
            "3 of 5 chains accepted none of their 50 proposals: they stayed where they started, "
            "and every mean is off; take a smaller --step-size, or --adapt with --burn-in");
  settings.step_size = 0.001f;
  EXPECT_TRUE(warnings_after(walk_chains(energy, starts, {.n = 5, .steps = 50}, settings), settings)
                  .empty());
  settings.sampler = SamplerKind::kLangevin;
  EXPECT_EQ(walk_chains(energy, starts, {.n = 5, .steps = 50}, settings).n_stuck(), 0);
}

TEST(WalkWarningsTest, LevelsOfSeveralModelsAreNotThoseOfTheirProduct) {
  models::EnergyModel sum;
  sum.terms = {{"a"}, {"b"}};
  const auto lines_of = [&](samplers::SamplerKind sampler) {
    return warnings_before(sum, {}, {.n = 1, .steps = 10}, {.sampler = sampler});
  };
  for (const auto sampler :
       {samplers::SamplerKind::kAncestral, samplers::SamplerKind::kProbabilityFlow}) {
    const auto lines = lines_of(sampler);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find("are biased"), std::string::npos);
  }
  EXPECT_TRUE(lines_of(samplers::SamplerKind::kAnnealedLangevin).empty());
  EXPECT_TRUE(lines_of(samplers::SamplerKind::kLangevin).empty());
  sum.terms.clear();
  EXPECT_TRUE(lines_of(samplers::SamplerKind::kAncestral).empty());
}

}  // namespace
}  // namespace ebm::evaluation
