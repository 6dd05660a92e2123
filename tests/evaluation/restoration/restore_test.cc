#include "evaluation/restoration/restore.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "evaluation/restoration/denoising.h"
#include "evaluation/restoration/restoration_picture.h"
#include "evaluation/restoration/restoration_scores.h"
#include "evaluation/restoration/restoration_starts.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/kernels/langevin.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/kernels/noisy_gaussian.h"

namespace ebm::evaluation {
namespace {

using Rows = std::vector<float>;

constexpr data::ItemShape kTwoByTwo{1, 2, 2};

/// N(0.25, 0.5²·T) for each of four values.
models::EnergyModel gaussian_model() {
  return {.energy = std::make_shared<samplers::DiagonalGaussian>(Rows(4, 0.25f), Rows(4, 0.5f)),
          .shape = kTwoByTwo,
          .is_image = true};
}

Restoration restored(const ObservationOperator& observed, const Rows& y,
                     const RestorationOptions& options, samplers::SamplerSettings settings) {
  return restore(gaussian_model(), observed, y,
                 restoration_starts(observed, y, {}, {.n = options.n, .shape = kTwoByTwo}), options,
                 settings);
}

TEST(RestoreTest, HasTheMeanAndSpreadOfThePosteriorAtTheTemperatureOfTheSampler) {
  // Prior precision 1/(0.25·T), observation 1/0.04 at strength 1; T = 0.8²/(2·0.4) = 0.8.
  const samplers::SamplerSettings langevin{.step_size = 0.002f,
                                           .noise_scale = samplers::noise_scale_of(0.002f, 0.8f)};
  const Rows y{-0.5f, 0.0f, 0.5f, 1.0f, 0.25f, 0.25f, -1.0f, 0.0f};
  const Restoration found =
      restored(observation_operator("noise", kTwoByTwo), y,
               {.n = 4000, .noise_sd = 0.2, .walk = {.steps = 400, .n_threads = 2}}, langevin);
  ASSERT_EQ(found.n_images, 2);
  ASSERT_EQ(found.samples.size(), 2u * 4000u * 4u);
  EXPECT_NEAR(found.weight, 0.8, 1e-6);
  const double prior = 1 / (0.25 * 0.8), data = 1 / 0.04, sd = 1 / std::sqrt(prior + data);
  for (std::size_t i = 0; i < 8; ++i) {
    const double mean = (prior * 0.25 + data * y[i]) / (prior + data);
    EXPECT_NEAR(found.mean[i], mean, 5 * sd / std::sqrt(4000.0)) << i;
    // Langevin's bias: the variance is larger by 1/(1 − λk/2), k = T·(prior + data): 2.5 %.
    EXPECT_NEAR(found.spread[i], sd, sd * (0.02 + 5 / std::sqrt(8000.0))) << i;
  }
}

TEST(RestoreTest, ParallelTemperingHasThePosteriorOfItsColdestReplica) {
  // As above with T = 0.5, the temperature that the ladder multiplies.
  samplers::SamplerSettings tempering{.sampler = samplers::SamplerKind::kParallelTempering,
                                      .step_size = 0.02f,
                                      .temperature = 0.5f};
  tempering.ladder = {1.0f, 2.0f};
  const Rows y{-0.5f, 0.0f, 0.5f, 1.0f};
  const Restoration found =
      restored(observation_operator("noise", kTwoByTwo), y,
               {.n = 4000, .noise_sd = 0.3, .walk = {.steps = 100, .n_threads = 2}}, tempering);
  const double prior = 1 / (0.25 * 0.5), data = 1 / 0.09, sd = 1 / std::sqrt(prior + data);
  for (std::size_t i = 0; i < 4; ++i) {
    const double mean = (prior * 0.25 + data * y[i]) / (prior + data);
    EXPECT_NEAR(found.mean[i], mean, 5 * sd / std::sqrt(4000.0)) << i;
    EXPECT_NEAR(found.spread[i], sd, 5 * sd / std::sqrt(8000.0)) << i;
  }
}

/// N(0.25, 0.5²) for each of four values, with noise.
models::EnergyModel noisy_gaussian_model() {
  models::EnergyModel model = gaussian_model();
  model.level_walk = {std::make_shared<samplers::NoisyGaussian>(4, 0.25f, 0.5f),
                      {.sampler = samplers::SamplerKind::kProbabilityFlow,
                       .levels = {.highest = 2.0f, .lowest = 0.002f}}};
  return model;
}

TEST(RestoreTest, AModelOfLevelsDenoisesByThePosterior) {
  const models::EnergyModel model = noisy_gaussian_model();
  const ObservationOperator noise = observation_operator("noise", kTwoByTwo);
  const Rows y{-0.5f, 0.0f, 0.5f, 1.0f, 0.25f, 2.0f, -1.0f, 0.0f};
  const RestorationOptions options{
      .n = 2000, .noise_sd = 0.4, .walk = {.steps = 200, .n_threads = 2}};
  ASSERT_TRUE(can_denoise(model, noise, 0.4));
  samplers::SamplerSettings settings = denoising_settings(model, 0.4, 200);
  const Restoration found = restore(model, noise, y, {}, options, settings);
  const double prior = 4.0, data = 1 / 0.16, sd = 1 / std::sqrt(prior + data);
  ASSERT_EQ(found.samples.size(), 2u * 2000u * 4u);
  for (std::size_t i = 0; i < 8; ++i) {
    const double mean = (prior * 0.25 + data * y[i]) / (prior + data);
    EXPECT_NEAR(found.denoised[i], mean, 1e-6) << i;
    EXPECT_NEAR(found.mean[i], mean, 5 * sd / std::sqrt(2000.0)) << i;
    EXPECT_NEAR(found.spread[i], sd, sd * (0.02 + 5 / std::sqrt(4000.0))) << i;
  }
}

TEST(RestoreTest, LevelsServeNothingButNoiseThatTheModelKnows) {
  const models::EnergyModel model = noisy_gaussian_model();
  EXPECT_FALSE(can_denoise(model, observation_operator("noise", kTwoByTwo), 3.0));
  EXPECT_FALSE(can_denoise(model, observation_operator("noise", kTwoByTwo), 0.001));
  EXPECT_FALSE(can_denoise(gaussian_model(), observation_operator("noise", kTwoByTwo), 0.4));
  const ObservationOperator small = observation_operator("downsample=2", kTwoByTwo);
  EXPECT_FALSE(can_denoise(model, small, 0.4));
  models::EnergyModel sum = model;
  sum.terms = {{"a"}, {"b"}};
  EXPECT_FALSE(can_denoise(sum, observation_operator("noise", kTwoByTwo), 0.4));
  samplers::SamplerSettings settings = denoising_settings(model, 0.4, 5);
  nets::expect_error(
      ErrorCode::kUsage, "sampler = ancestral: restores images with noise alone",
      [&] { restore(model, small, {0.5f}, {}, {.n = 1, .noise_sd = 0.4}, settings); });
}

TEST(RestoreTest, StrengthIsTheSquareOfASmallerNoise) {
  const ObservationOperator noise = observation_operator("noise", kTwoByTwo);
  const samplers::SamplerSettings mala{.sampler = samplers::SamplerKind::kMala, .step_size = 0.02f};
  const Rows y{-0.5f, 0.0f, 0.5f, 1.0f};
  const Restoration strong =
      restored(noise, y, {.n = 5, .noise_sd = 0.5, .strength = 4, .walk = {.steps = 3}}, mala);
  const Restoration precise =
      restored(noise, y, {.n = 5, .noise_sd = 0.25, .walk = {.steps = 3}}, mala);
  for (std::size_t i = 0; i < strong.samples.size(); ++i) {
    EXPECT_NEAR(strong.samples[i], precise.samples[i], 1e-5f);
  }
}

TEST(RestoreTest, HoldsWhatAMaskShowsWithoutNoise) {
  const ObservationOperator mask = observation_operator("mask=box:0,0,1,2", kTwoByTwo);
  const samplers::SamplerSettings mala{.sampler = samplers::SamplerKind::kMala, .step_size = 0.2f};
  const Rows y{0.875f, -0.625f};
  const Restoration found =
      restored(mask, y, {.n = 4000, .noise_sd = 0.0, .walk = {.steps = 60, .n_threads = 2}}, mala);
  EXPECT_EQ(found.weight, 0.0);
  for (std::size_t i = 0; i < found.samples.size(); i += 4) {
    ASSERT_EQ(found.samples[i + 1], 0.875f);
    ASSERT_EQ(found.samples[i + 3], -0.625f);
  }
  EXPECT_EQ(found.spread[1], 0.0f);
  EXPECT_NEAR(found.mean[0], 0.25, 5 * 0.5 / std::sqrt(4000.0));
  EXPECT_NEAR(found.spread[2], 0.5, 5 * 0.5 / std::sqrt(8000.0));
  const Restoration again =
      restored(mask, y, {.n = 4000, .noise_sd = 0.0, .walk = {.steps = 60, .n_threads = 1}}, mala);
  EXPECT_EQ(again.samples, found.samples);
}

TEST(RestoreTest, RefusesOptionsThatDoNotFit) {
  const ObservationOperator blur = observation_operator("blur=0.5", kTwoByTwo);
  nets::expect_error(ErrorCode::kUsage, "noise-sd = 0: only what a mask shows can be held",
                     [&] { restored(blur, Rows(4), {.noise_sd = 0.0}, {}); });
  nets::expect_error(ErrorCode::kUsage, "strength = 0",
                     [&] { restored(blur, Rows(4), {.strength = 0.0}, {}); });
  nets::expect_error(ErrorCode::kUsage, "noise-sd = 1e-07: must be at least 1e-06",
                     [&] { restored(blur, Rows(4), {.noise_sd = 1e-7}, {}); });
  nets::expect_error(ErrorCode::kUsage, "noise-sd = -1",
                     [&] { restored(blur, Rows(4), {.noise_sd = -1.0}, {}); });
}

TEST(ObservationPullTest, IsTheShareOfTheWayThatAStepGoes) {
  // A step moves by λ·strength·T/σ²·AᵀA: 0.1·3·0.5/0.04·‖A‖² with means of four, ‖A‖² = 1/4.
  const samplers::SamplerSettings langevin{.step_size = 0.1f, .temperature = 0.5f};
  const RestorationOptions options{.noise_sd = 0.2, .strength = 3.0};
  EXPECT_NEAR(observation_pull(observation_operator("downsample=2", kTwoByTwo), options, langevin),
              0.1 * 3 * 0.5 / 0.04 / 4, 1e-5);
}

TEST(RestorationStartsTest, FitTheObservation) {
  const ObservationOperator small = observation_operator("downsample=2", {1, 4, 4});
  const Rows y{0.5f, -0.25f, 0.0f, 0.125f};
  const Rows rows = restoration_starts(small, y, {}, {.n = 3, .shape = {1, 4, 4}, .seed = 7});
  ASSERT_EQ(rows.size(), 3u * 16u);
  const Rows seen = samplers::apply_to_rows(*small.a, rows);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_NEAR(seen[i], y[i % 4], 1e-5f) << i;
  EXPECT_NE(rows[0], rows[16]);
  const Rows boxed = restoration_starts(small, y, {},
                                        {.kind = RestorationStart::kNoise,
                                         .n = 3,
                                         .shape = {1, 4, 4},
                                         .box = samplers::Box{-0.5f, 0.5f}});
  for (const float value : boxed) EXPECT_LE(std::abs(value), 0.5f);
}

TEST(RestorationStartsTest, TakeTheBaselines) {
  const ObservationOperator noise = observation_operator("noise", {1, 1, 2});
  const Baselines baselines{{}, {1, 2, 3, 4}, {5, 6}};
  const RestorationStartOptions two{.kind = RestorationStart::kNearest, .n = 2, .shape = {1, 1, 2}};
  EXPECT_EQ(restoration_starts(noise, {0, 0}, baselines, two), (Rows{1, 2, 3, 4}));
  RestorationStartOptions smooth = two;
  smooth.kind = RestorationStart::kTotalVariation;
  EXPECT_EQ(restoration_starts(noise, {0, 0}, baselines, smooth), (Rows{5, 6, 5, 6}));
  smooth.box = samplers::Box{-1.0f, 5.5f};
  EXPECT_EQ(restoration_starts(noise, {0, 0}, baselines, smooth), (Rows{5, 5.5f, 5, 5.5f}));
}

TEST(CoverageTest, CountsTheTruthBetweenRanks) {
  // Three samples of each of four values: the interval is from the least to the largest, which
  // holds a fourth one with probability 2/4.
  const ObservationOperator noise = observation_operator("noise", kTwoByTwo);
  Restoration three;
  three.n_images = 1;
  three.n = 3;
  three.samples = {0, 0, 0, 0, 1, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f};
  const Coverage found = coverage_of_truth(noise, 0.1, three, {0.0f, 1.0f, 1.001f, 0.7f});
  EXPECT_DOUBLE_EQ(found.share, 0.75);
  EXPECT_DOUBLE_EQ(found.expected, 0.5);
  // What is held is no question.
  const ObservationOperator mask = observation_operator("mask=box:0,0,1,2", kTwoByTwo);
  EXPECT_DOUBLE_EQ(coverage_of_truth(mask, 0.0, three, {0.5f, 9, 2, 9}).share, 0.5);
  // Thirty-nine samples 1, ..., 39: from rank 2 to rank 38, (40 − 4)/40 = 0.9.
  Restoration many;
  many.n_images = 1;
  many.n = 39;
  for (int i = 0; i < 39; ++i)
    many.samples.insert(many.samples.end(), 4, 1.0f + static_cast<float>(i * 7 % 39));
  const Coverage ranks = coverage_of_truth(noise, 0.1, many, {2.0f, 1.9f, 38.0f, 38.1f});
  EXPECT_DOUBLE_EQ(ranks.share, 0.5);
  EXPECT_NEAR(ranks.expected, 0.9, 1e-12);
}

TEST(ScoreReconstructionsTest, CompareTheMeanOneSampleAndOthers) {
  Restoration two;
  two.n_images = 1;
  two.n = 2;
  two.samples = {0, 0, 0, 0, 1, 1, 1, 1};
  two.mean = Rows(4, 0.5f);
  const std::vector<ReconstructionScore> scores =
      score_reconstructions(two, {{"other", Rows(4, 0.3f)}}, Rows(4, 0.2f), kTwoByTwo);
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_NEAR(scores[0].psnr, 10 * std::log10(4 / 0.09), 1e-5);
  EXPECT_NEAR(scores[1].psnr, 10 * std::log10(4 / 0.04), 1e-5);
  EXPECT_NEAR(scores[2].psnr, 10 * std::log10(4 / 0.01), 1e-4);
  EXPECT_EQ(scores[2].name, "other");
  EXPECT_FALSE(scores[0].ssim);  // images of two by two hold no window
}

TEST(RestorationPictureTest, HasAColumnForEach) {
  const data::ItemShape shape{1, 4, 4};
  const ObservationOperator small = observation_operator("downsample=2", shape);
  Restoration two;
  two.n_images = 2;
  two.n = 2;
  two.samples = Rows(2 * 2 * 16, 0.5f);
  two.mean = Rows(32, 0.5f);
  two.spread = Rows(32, 0.25f);
  const Rows y{0, 0.25f, 0.5f, 0.75f, -1, -1, -1, -1};
  const RestorationPicture picture =
      restoration_picture(small, y, two, {{"bicubic", Rows(32)}}, Rows(32, 1.0f), shape);
  EXPECT_EQ(picture.columns, (std::vector<std::string>{"observed", "sample", "sample", "mean",
                                                       "spread", "bicubic", "truth"}));
  ASSERT_EQ(picture.tiles.size(), 2u * 7u * 16u);
  EXPECT_EQ((Rows{picture.tiles.begin(), picture.tiles.begin() + 16}),
            (Rows{0, 0, 0.25f, 0.25f, 0, 0, 0.25f, 0.25f, 0.5f, 0.5f, 0.75f, 0.75f, 0.5f, 0.5f,
                  0.75f, 0.75f}));
  EXPECT_EQ(picture.tiles[4 * 16], -0.5f);  // a spread of 0.25 is a quarter of the way to white
  EXPECT_EQ(picture.tiles[7 * 16], -1.0f);  // the second image
}

TEST(RestoreTest, ChainsForAllImagesHaveToFit) {
  const ObservationOperator noise = observation_operator("noise", kTwoByTwo);
  EXPECT_NO_THROW(RestorationOptions{.n = 1000}.require_memory(noise, 100));
  nets::expect_error(
      ErrorCode::kUsage, "n = 1000000000: that many samples of each image do not fit in memory",
      [&] { RestorationOptions{.n = 1'000'000'000}.require_memory(noise, 1'000'000); });
}

// step_size·T·‖A‖²/σ² with T = 0.5 and ‖A‖ = 1.
TEST(RestoreTest, StepsThatGoTwiceAsFarAsTheObservationAreNamed) {
  const ObservationOperator noise = observation_operator("noise", kTwoByTwo);
  const auto warnings = [&](float step_size) {
    return restoration_warnings(noise, {.noise_sd = 0.1},
                                {.step_size = step_size, .temperature = 0.5f});
  };
  EXPECT_TRUE(warnings(0.039f).empty());
  ASSERT_EQ(warnings(0.0625f).size(), 1u);
  EXPECT_NE(warnings(0.0625f)[0].find("a step moves 3.125 times as far"), std::string::npos)
      << warnings(0.0625f)[0];
}

TEST(RestorationStartsTest, MakeTheBaselinesThatTheyTake) {
  EXPECT_EQ(baselines_to_make(RestorationStart::kNoise, true), BaselineKind::kAll);
  EXPECT_EQ(baselines_to_make(RestorationStart::kNearest, true), BaselineKind::kAll);
  EXPECT_EQ(baselines_to_make(RestorationStart::kNearest, false), BaselineKind::kNearest);
  EXPECT_EQ(baselines_to_make(RestorationStart::kTotalVariation, false),
            BaselineKind::kTotalVariation);
  EXPECT_FALSE(baselines_to_make(RestorationStart::kObservation, false));
  EXPECT_FALSE(baselines_to_make(RestorationStart::kNoise, false));
}

TEST(RestorationStartsTest, TheirMeanKeepsWhatIsKnown) {
  const ObservationOperator mask = observation_operator("mask=box:1,0,1,2", kTwoByTwo);
  const Rows y{0.5f, -0.5f};  // the left column is shown
  const Rows starts{1, 1, 1, 1, 0, 0, 0, 0.5f};
  EXPECT_EQ(mean_of_starts(mask, y, starts, 2, 0.1).rows, (Rows{0.5f, 0.5f, 0.5f, 0.75f}));
  EXPECT_EQ(mean_of_starts(mask, y, starts, 2, 0.0).rows, (Rows{0.5f, 0.5f, -0.5f, 0.75f}));
}

}  // namespace
}  // namespace ebm::evaluation
