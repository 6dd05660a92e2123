#include "evaluation/evaluate.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "nets/files/safetensors.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "tests/evaluation/two_values.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kThird = kN / 3;

ImageRows third(const std::string& name, std::int64_t which) {
  const auto all = moved(1, 0);
  const auto first = all.begin() + which * kThird * kValues;
  return {name, kThird, {first, first + kThird * kValues}};
}

EvaluationImages images_of() {
  return {.train_name = "waves#split=train",
          .test_name = "waves#split=test",
          .reference = third("training images", 0),
          .starts = third("starts", 1),
          .test = third("test images", 2),
          .dequantized_test = {},
          .fitted = third("fitted", 0)};
}

/// A round Gaussian of sd 0.2 on the box [−1, 1]⁴, with a buffer of `n_replay` chains.
models::EnergyModel model_of(std::int64_t n_replay) {
  models::EnergyModel model{.energy = std::make_shared<samplers::DiagonalGaussian>(
                                std::vector<float>(4, 0.0f), std::vector<float>(4, 0.2f)),
                            .shape = {1, 2, 2}};
  model.settings.box = samplers::Box{-1.0f, 1.0f};
  model.settings.step_size = 0.001f;
  if (n_replay == 0) return model;
  nets::SafetensorsFile file;
  file.tensors.emplace(
      "items", nets::TensorData::from_floats(
                   {n_replay, 4}, std::vector<float>(static_cast<std::size_t>(n_replay * 4), 0)));
  file.tensors.emplace(
      "counters", nets::TensorData::from_int64s({3}, std::vector<std::int64_t>{n_replay, 0, 0}));
  model.checkpoint = {{"replay.safetensors", nets::safetensors_bytes(file)}};
  return model;
}

std::vector<std::string> keys_of(const std::vector<EvaluatedSet>& sets) {
  std::vector<std::string> keys;
  for (const EvaluatedSet& set : sets) keys.push_back(set.key);
  return keys;
}

using Keys = std::vector<std::string>;

TEST(EvaluateTest, SamplesStandBesideTheirAnchors) {
  const EvaluationImages images = images_of();
  const Evaluation found = evaluate_samples(images.test, images, TwoValues(), {.seed = 1});
  EXPECT_EQ(found.data, "waves#split=train");
  EXPECT_EQ(found.features, "two values");
  EXPECT_FALSE(found.is_classifier);
  EXPECT_EQ(found.n, kThird);
  EXPECT_EQ(keys_of(found.samples), Keys{"samples"});
  EXPECT_EQ(keys_of(found.anchors), (Keys{"test", "gaussian", "uniform_noise"}));
  // The samples are the test images, which are compared by the same computation.
  EXPECT_EQ(found.samples[0].quality.fd, found.anchors[0].quality.fd);
  EXPECT_GT(found.anchors[2].quality.fd, 5.0 * found.anchors[0].quality.fd);
  EXPECT_TRUE(found.ood.empty());
  EXPECT_FALSE(found.log_z);
}

TEST(EvaluateTest, AModelHasEnergiesALongRunAndLogZ) {
  const EvaluationImages images = images_of();
  std::vector<ImageRows> ood{{"far", kThird, std::vector<float>(kThird * 4, 0.9f)}, images.test};
  ood[1].name = "the same";
  const Evaluation found =
      evaluate_model(model_of(0), images, ood, TwoValues(), {.seed = 1},
                     {.steps = 50, .long_run = 100, .n_temperatures = 1000, .takes_film = true});
  EXPECT_EQ(keys_of(found.samples), (Keys{"noise", "data"}));
  ASSERT_EQ(found.ood.size(), 2u);
  EXPECT_EQ(found.ood[0].name, "far");
  EXPECT_EQ(found.ood[0].auroc, 1.0);  // E = 40.5, of waves at most 8
  // By the energy and the norm of its gradient.
  ASSERT_EQ(found.detections.size(), 2u);
  EXPECT_EQ(found.detections[1].others.at(0).name, "far");
  EXPECT_EQ(found.detections[1].others.at(0).auroc, 1.0);
  EXPECT_EQ(found.detections[0].others.at(1).auroc, 0.5);  // of the test images against themselves
  // E = ‖x‖²/(2·0.04) of the training images, which alone the median is of.
  std::vector<float> energies(kThird);
  for (std::size_t i = 0; i < images.reference.rows.size(); ++i) {
    energies[i / kValues] += images.reference.rows[i] * images.reference.rows[i] / 0.08f;
  }
  EXPECT_NEAR(found.detections[0].median, median_of(energies), 1e-5);
  ASSERT_TRUE(found.long_run);
  EXPECT_EQ(found.long_run->steps, (std::vector<std::int64_t>{50, 100}));
  EXPECT_TRUE(found.film);
  Keys sets;
  for (const auto& set : found.energies.sets) sets.push_back(set.name);
  EXPECT_EQ(sets, (Keys{"training data", "test", "samples from noise", "far", "the same"}));
  ASSERT_TRUE(found.log_z);
  EXPECT_EQ(found.log_z->reverse_from, "chains from noise after 100 steps");
  // 4·ln(0.2·√(2π)); beyond the walls lie 6e-7 of the mass.
  const samplers::LogZEstimate& forward = found.log_z->estimates.forward;
  EXPECT_NEAR(forward.log_z, -2.7620, 5.0 * forward.se);
  EXPECT_LT(forward.se, 0.1);
}

TEST(EvaluateTest, ChainsOfABufferAreSamplesIfTheyAreEnough) {
  const EvaluationImages images = images_of();
  const Evaluation few = evaluate_model(model_of(2), images, {}, TwoValues(), {}, {.steps = 1});
  EXPECT_EQ(keys_of(few.samples), (Keys{"noise", "data"}));
  EXPECT_EQ(few.warnings,
            Keys{"the replay buffer holds 2 chains, fewer than the 3 that are needed; it is left "
                 "out"});
  const Evaluation some = evaluate_model(model_of(40), images, {}, TwoValues(), {}, {.steps = 1});
  EXPECT_EQ(keys_of(some.samples), (Keys{"noise", "data", "buffer"}));
  EXPECT_EQ(some.samples[2].quality.n, 40);
  EXPECT_TRUE(some.warnings.empty());
}

}  // namespace
}  // namespace ebm::evaluation
