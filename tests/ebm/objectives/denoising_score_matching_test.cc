#include "ebm/objectives/denoising_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

class DenoisingScoreMatchingTest : public ScoreMatchingCase {
 protected:
  DenoisingScoreMatchingTest() : ScoreMatchingCase(ObjectiveKind::kDenoisingScoreMatching) {}
  /// Trains, and compares the loss at levels σ of the averaged network with ½·d·s²/(s² + σ²): on
  /// the same draws as that of E = ‖x − m‖²/(2(s² + σ²)), whose mean is this.
  void expect_least_loss(const std::vector<double>& sigmas, double limit) {
    const auto evaluated = trained();
    constexpr std::size_t kRows = 20000;
    base::RandomStream random({.seed = 22}, 0);
    for (const double sigma : sigmas) {
      SCOPED_TRACE(sigma);
      std::vector<float> noisy, normals;
      double exact = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < 2 * kRows; ++i) {
        const double z = random.next_normal(), m = kGaussianMean[i % 2];
        const double x = m + kGaussianSd * random.next_normal() + sigma * z;
        normals.push_back(static_cast<float>(z));
        noisy.push_back(static_cast<float>(x));
        const double residual = sigma * (x - m) / (kGaussianSd * kGaussianSd + sigma * sigma) - z;
        exact += 0.5 * residual * residual / kRows;
        squares += 0.25 * std::pow(residual, 4) / kRows;
      }
      const std::vector<float> levels(kRows, static_cast<float>(sigma));
      const bool reads_level = architecture_.noise_level;
      const double found = denoising_score_matching(*evaluated,
                                                    {noisy, normals, levels,
                                                     reads_level ? std::span<const float>(levels)
                                                                 : std::span<const float>()},
                                                    options_.data_sd)
                               .loss;
      const double least =
          kGaussianSd * kGaussianSd / (kGaussianSd * kGaussianSd + sigma * sigma);  // d = 2
      EXPECT_NEAR(exact, least, 4.0 * std::sqrt(squares / kRows));
      EXPECT_NEAR(found - exact, 0.0, limit);
    }
  }
};

TEST_F(DenoisingScoreMatchingTest, ReachesTheLeastLossOfAGaussianAtOneLevel) {
  keys_ = {"noise_sd=0.5"};
  expect_least_loss({0.5}, 1e-3);
}

TEST_F(DenoisingScoreMatchingTest, ReachesTheLeastLossOfAGaussianAtManyLevels) {
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  architecture_ = nets::with_noise_level(architecture_);
  expect_least_loss({0.12, 0.3, 0.6, 1.0, 1.8}, 1e-3);
}

TEST_F(DenoisingScoreMatchingTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  architecture_ = nets::with_noise_level(architecture_);
  expect_same_bits();
}

TEST_F(DenoisingScoreMatchingTest, TheModelKnowsTheScaleOfTheDataToTheLastBit) {
  options_.iterations = 1;
  architecture_ = nets::with_noise_level(architecture_);
  resolve();
  LossesOfRun recorder;
  train("run", recorder);
  EXPECT_EQ(nets::read_model(root_ / "run", {}).data_sd, options_.data_sd);
}

TEST(DenoisingScoreMatchingOptionsTest, LevelsThatMakeNoSenseAreRefused) {
  const auto refusal = [](const std::vector<std::string>& keys) {
    return refusal_of_keys("dsm", keys);
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"noise_sd=0.5"}), "");
  EXPECT_EQ(refusal({"noise_sd_min=1", "noise_sd_max=1"}),
            "noise_sd_min = 1: must be above 0 and below noise_sd_max, 1");
  EXPECT_EQ(refusal({"noise_sd_max=0.01"}),
            "noise_sd_min = 0.02: must be above 0 and below noise_sd_max, 0.01");
  EXPECT_EQ(refusal({"noise_sd_min=0"}),
            "noise_sd_min = 0: must be above 0 and below noise_sd_max, 10");
  EXPECT_EQ(refusal({"noise_sd_min=0", "noise_sd_max=0"}),
            "objective = dsm: needs noise_sd, or noise_sd_min and noise_sd_max");
  EXPECT_EQ(refusal({"noise_sd=1", "noise_sd_max=2"}),
            "noise_sd = 1: must be 0 with noise_sd_min and noise_sd_max");
  EXPECT_EQ(refusal({"noise_sd=1", "data_sd=2"}), "data_sd = 2: must be left out with noise_sd");
  EXPECT_TRUE(refusal({"noise_sd=-1"}).starts_with("noise_sd = -1"));
  EXPECT_EQ(refusal({"noise_sd_max=1"}), "");
}

TEST_F(DenoisingScoreMatchingTest, NetworksThatDoNotFitAreRefused) {
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  const auto expect = [](const std::string& found, const std::string& part) {
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  expect(refusal_of(architecture_),
         "net = mlp-silu: reads no noise level, which objective = dsm needs");
  expect(refusal_of(nets::with_noise_level(nets::preset("mlp", {2, 1, 1}))),
         "objective = dsm: needs a network without kinks");
}

}  // namespace
}  // namespace ebm
