#include "evaluation/density/detection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "base/error.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/function_energy.h"
#include "tests/evaluation/density/level_gaussian.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

/// Points (r, 0) of the plane at the quantiles (i + ½)/n of the radius of N(0, sd²·I), where
/// r²/(2·sd²) is exponential.
ImageRows radii(const std::string& name, std::int64_t n, double sd) {
  ImageRows set{name, n, {}};
  for (std::int64_t i = 0; i < n; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    set.rows.push_back(static_cast<float>(sd * std::sqrt(-2.0 * std::log1p(-share))));
    set.rows.push_back(0.0f);
  }
  return set;
}

ImageRows point(const std::string& name, float x, float y) { return {name, 1, {x, y}}; }

TEST(DetectionTest, NormsAreThoseOfTheGradient) {
  // E = x²/(2·0.25) + y²/2, ∇E = (4x, y).
  const samplers::DiagonalGaussian energy({0.0f, 0.0f}, {0.5f, 1.0f});
  const EnergiesAndNorms found =
      energies_and_norms(energy, {"images", 2, {0.75f, 4.0f, 0.0f, -2.0f}}, 1);
  EXPECT_FLOAT_EQ(found.energies[0], 2.0f * 0.5625f + 8.0f);
  EXPECT_FLOAT_EQ(found.energies[1], 2.0f);
  EXPECT_FLOAT_EQ(found.norms[0], 5.0f);
  EXPECT_FLOAT_EQ(found.norms[1], 2.0f);
  const samplers::FunctionEnergy steep(1, [](std::span<const float> x, std::span<float> g) {
    g[0] = x[0] > 1.0f ? INFINITY : 1.0f;
    return x[0];
  });
  nets::expect_error(ErrorCode::kDiverged, "the gradient norm of item 1 of far is inf", [&] {
    energies_and_norms(steep, {"far", 2, {0.0f, 2.0f}}, 1);
  });
}

TEST(DetectionTest, TheMedianIsInTheMiddle) {
  EXPECT_EQ(median_of(std::vector<float>{3, 1, 2}), 2.0);
  EXPECT_EQ(median_of(std::vector<float>{4, 1, 2, 10}), 3.0);
  EXPECT_EQ(distances_from_median(std::vector<float>{1, 5}, 3.5), (std::vector<float>{2.5f, 1.5f}));
  EXPECT_THROW(median_of({}), Error);
}

// E = ‖x‖²/2 of N(0, I) in the plane is exponential, of N(0, t²I) t² as large: AUROC t²/(1 + t²) =
// 4/5 at t = 2, by ‖∇E‖ = ‖x‖ alike. At the origin E is as low as can be: AUROC 0. Its distance
// from the median ln 2 is above that of E < 2·ln 2, 3/4 of the data; of the norm, whose median is
// √(2 ln 2), that of ‖x‖ < 2·√(2 ln 2), 1 − 1/16 of them. Of sets of n quantiles all of that holds
// within some 1/n.
TEST(DetectionTest, ScoresOfGaussiansHaveTheirClosedForms) {
  constexpr std::int64_t kN = 2000;
  models::EnergyModel model;
  model.energy = std::make_shared<samplers::DiagonalGaussian>(std::vector<float>(2, 0.0f),
                                                              std::vector<float>(2, 1.0f));
  const ImageRows training = radii("training", kN + 1, 1.0), test = radii("test", kN, 1.0);
  const std::vector<ImageRows> others{radii("wide", kN, 2.0), point("origin", 0, 0)};
  const std::vector<Detection> found = detect_by_scores(model, {training, test, others}, {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].score, ImageScore::kEnergy);
  EXPECT_EQ(found[1].score, ImageScore::kGradientNorm);
  EXPECT_FALSE(found[0].level);
  EXPECT_NEAR(found[0].median, std::log(2.0), 2.0 / kN);
  EXPECT_NEAR(found[1].median, std::sqrt(2.0 * std::log(2.0)), 2.0 / kN);
  for (const Detection& each : found) {
    ASSERT_EQ(each.others.size(), 2u);
    EXPECT_EQ(each.others[0].name, "wide");
    EXPECT_NEAR(each.others[0].auroc, 0.8, 2.0 / kN);
    EXPECT_EQ(each.others[1].auroc, 0.0);
  }
  EXPECT_NEAR(found[0].others[1].auroc_typicality, 0.75, 3.0 / kN);
  EXPECT_NEAR(found[1].others[1].auroc_typicality, 15.0 / 16.0, 3.0 / kN);
}

/// Wide along (1, 1), narrow across.
constexpr LevelGaussian::Parts kNarrow{.dim = 2, .mean = 0.0, .a = 0.01, .b = 0.5, .constant = 3.0};

models::EnergyModel level_model() {
  models::EnergyModel model;
  model.energy = std::make_shared<LevelGaussian>(kNarrow);
  samplers::SamplerSettings settings;
  settings.levels = {.highest = 10.0f, .lowest = 0.02f};
  model.level_walk = {model.energy, settings};
  return model;
}

// Across, 0.2 is further out than 1 along, while noise is small; under much noise it is nearer.
TEST(DetectionTest, EachLevelHasItsOwnScores) {
  const float along = static_cast<float>(1.0 / std::sqrt(2.0));
  const float across = static_cast<float>(0.2 / std::sqrt(2.0));
  const ImageRows training = point("training", 0.3f, 0.1f), test = point("test", along, along);
  const std::vector<ImageRows> others{point("across", across, -across)};
  const std::vector<Detection> found =
      detect_by_scores(level_model(), {training, test, others}, {.n_levels = 3});
  ASSERT_EQ(found.size(), 6u);
  const double sigmas[] = {0.02, std::sqrt(0.2), 10.0};
  const LevelGaussian energy(kNarrow);
  for (std::size_t i = 0; i < 3; ++i) {
    const Detection &by_energy = found[2 * i], &by_norm = found[2 * i + 1];
    ASSERT_TRUE(by_energy.level && by_norm.level);
    EXPECT_NEAR(*by_energy.level, sigmas[i], 1e-6 * sigmas[i]);
    EXPECT_EQ(by_energy.score, ImageScore::kEnergy);
    EXPECT_EQ(by_norm.score, ImageScore::kGradientNorm);
    const float x[] = {0.3f, 0.1f};
    EXPECT_NEAR(by_energy.median, 3.0 - energy.log_density(x, sigmas[i]), 1e-5);
    // (0.3, 0.1) is 0.4/√2 along and 0.2/√2 across.
    const double narrow = 0.01 + sigmas[i] * sigmas[i], wide = narrow + 1.0;
    EXPECT_NEAR(by_norm.median, std::sqrt(0.08 / wide / wide + 0.02 / narrow / narrow), 1e-4);
    EXPECT_EQ(by_energy.others[0].auroc, 0.04 / narrow > 1.0 / wide ? 1.0 : 0.0);
    EXPECT_EQ(by_norm.others[0].auroc, 0.2 / narrow > 1.0 / wide ? 1.0 : 0.0);
  }
  EXPECT_EQ(found[0].others[0].auroc, 1.0);
  EXPECT_EQ(found[4].others[0].auroc, 0.0);
}

TEST(DetectionTest, TheFlowsDensityIsThatAtTheLowestLevel) {
  const ImageRows training{"training", 3, {0.3f, 0.1f, 0.2f, 0.2f, -0.5f, -0.4f}};
  const ImageRows test = point("test", 0.7f, 0.7f);
  const std::vector<ImageRows> others{{"across", 2, {0.2f, -0.2f, 0.0f, 0.0f}}};
  const std::vector<Detection> found =
      detect_by_scores(level_model(), {training, test, others}, {.n_flow = 2});
  ASSERT_EQ(found.size(), 11u);
  const Detection& flow = found.back();
  EXPECT_EQ(flow.score, ImageScore::kFlowDensity);
  EXPECT_EQ(flow.level, 0.02f);
  const LevelGaussian energy(kNarrow);
  const auto score = [&](float x, float y) {
    const float point[] = {x, y};
    return 3.0 - energy.log_density(point, 0.02);
  };
  // Of the first two alone.
  EXPECT_NEAR(flow.median, 0.5 * (score(0.3f, 0.1f) + score(0.2f, 0.2f)), 5e-3);
  // One is less likely than the test image, one more.
  EXPECT_EQ(flow.others[0].auroc, 0.5);
}

// The flow takes differences of energies, which bfloat16 would round; the scores of the network
// itself are its own.
TEST(DetectionTest, TheFlowTakesTheEnergyInFloat32) {
  models::EnergyModel model = level_model();
  LevelGaussian::Parts moved = kNarrow;
  moved.constant += 2.0;
  model.level_walk->in_float32 = [&] { return std::make_shared<LevelGaussian>(moved); };
  const ImageRows training = point("training", 0.3f, 0.1f);
  const std::vector<ImageRows> others{point("across", 0.2f, -0.2f)};
  const std::vector<Detection> found =
      detect_by_scores(model, {training, training, others}, {.n_flow = 1});
  const double log_p = LevelGaussian(kNarrow).log_density(training.rows, 0.02);
  EXPECT_NEAR(found.front().median, 3.0 - log_p, 1e-5);
  EXPECT_NEAR(found.back().median, 5.0 - log_p, 5e-3);
}

TEST(DetectionTest, WithoutOtherImagesThereIsNothingToDetect) {
  const ImageRows one = point("test", 0, 0);
  EXPECT_TRUE(detect_by_scores(level_model(), {one, one, {}}, {}).empty());
}

}  // namespace
}  // namespace ebm::evaluation
