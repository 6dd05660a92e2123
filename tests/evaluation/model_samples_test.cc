#include "evaluation/model_samples.h"

#include <gtest/gtest.h>

#include <memory>
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

}  // namespace
}  // namespace ebm::evaluation
