#include "ebm/objectives/dual_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

/// −ln p, and its derivatives, of N(m, s²I) with noise of σ.
struct NoisyGaussianDensity {
  double energy = 0.0, level_slope = 0.0;
  double residual_squares = 0.0;  ///< ‖σ∇E − z‖²
  double normal_squares = 0.0;
  NoisyGaussianDensity(const double* x, const double* z, double sigma) {
    const double v = kGaussianSd * kGaussianSd + sigma * sigma;
    for (int i = 0; i < 2; ++i) {
      const double off = x[i] - kGaussianMean[i];
      energy += off * off / (2.0 * v) + 0.5 * std::log(2.0 * std::numbers::pi * v);
      level_slope += sigma * sigma / v * (1.0 - off * off / v);
      residual_squares += std::pow(sigma * off / v - z[i], 2);
      normal_squares += z[i] * z[i];
    }
  }
  double loss() const {
    const double r = 0.5 * level_slope - 0.5 * (2.0 - normal_squares);
    return residual_squares / 2.0 + r * r / 4.0;
  }
};

class DualScoreMatchingTest : public ScoreMatchingCase {
 protected:
  DualScoreMatchingTest() : ScoreMatchingCase(ObjectiveKind::kDualScoreMatching) {}
  void SetUp() override {
    ScoreMatchingCase::SetUp();
    keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
    architecture_ = nets::with_noise_level(architecture_);
  }
};

// With a = s²/(s² + σ²) the least loss is a + (2a − a²)/(2d): what z varies by, given x.
TEST_F(DualScoreMatchingTest, ReachesLeastLossAndDensityOfAGaussianAtAllLevels) {
  const auto net = trained();
  constexpr std::size_t kRows = 20000;
  base::RandomStream random({.seed = 22}, 0);
  std::optional<double> constant;  // one for all levels
  for (const double sigma : {1.8, 1.0, 0.6, 0.3, 0.12}) {
    SCOPED_TRACE(sigma);
    std::vector<float> noisy, normals;
    std::vector<double> energies;
    double exact = 0.0, squares = 0.0;
    for (std::size_t row = 0; row < kRows; ++row) {
      double x[2], z[2];
      for (int i = 0; i < 2; ++i) {
        z[i] = random.next_normal();
        x[i] = kGaussianMean[i] + kGaussianSd * random.next_normal() + sigma * z[i];
        noisy.push_back(static_cast<float>(x[i]));
        normals.push_back(static_cast<float>(z[i]));
      }
      const NoisyGaussianDensity density(x, z, sigma);
      energies.push_back(density.energy);
      exact += density.loss() / kRows;
      squares += density.loss() * density.loss() / kRows;
    }
    const std::vector<float> levels(kRows, static_cast<float>(sigma));
    const ObjectiveStep found =
        dual_score_matching(*net, {noisy, normals, levels, levels}, options_.data_sd);
    const double a = kGaussianSd * kGaussianSd / (kGaussianSd * kGaussianSd + sigma * sigma);
    EXPECT_NEAR(exact, a + (2.0 * a - a * a) / 4.0, 4.0 * std::sqrt(squares / kRows));
    EXPECT_NEAR(found.loss - exact, 0.0, 1e-3);
    double mean = 0.0, error = 0.0;
    for (std::size_t row = 0; row < kRows; ++row) {
      mean += (double{found.energies[row]} - energies[row]) / kRows;
    }
    if (!constant) constant = mean;
    for (std::size_t row = 0; row < kRows; ++row) {
      error += std::pow(double{found.energies[row]} - energies[row] - *constant, 2) / kRows;
    }
    // A fit to N draws with noise of σ knows ln p at best as an average over σ does: its variance
    // is 1/(N·p·4πσ²) in the plane, and thus A/(N·4πσ²) on average over p, A being the area that
    // the data cover, some 2π·s²·4. Of 768,000 draws about a quarter lie near a level, as ln σ
    // spans three units: 0.017 nats at 0.12, where the average over the last iterations has 0.025.
    EXPECT_LT(std::sqrt(error), 0.04) << "nats";
  }
}

TEST_F(DualScoreMatchingTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  expect_same_bits();
}

TEST_F(DualScoreMatchingTest, TheModelSaysThatLogZIsTheSameAtAllLevels) {
  options_.iterations = 2;
  trained();
  const nets::Model model = nets::read_model(root_ / "run", [](const std::string&) {});
  EXPECT_TRUE(model.one_log_z);
  EXPECT_NEAR(model.data_sd, options_.data_sd, 1e-5);
}

TEST(DualScoreMatchingOptionsTest, LevelsThatMakeNoSenseAreRefused) {
  const auto refusal = [](const std::vector<std::string>& keys) {
    return refusal_of_keys("dual", keys);
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"noise_sd_max=0.01"}),
            "noise_sd_min = 0.02: must be above 0 and below noise_sd_max, 0.01");
  EXPECT_EQ(refusal({"noise_sd_min=0", "noise_sd_max=0"}),
            "objective = dual: needs noise_sd_min and noise_sd_max");
  EXPECT_TRUE(refusal({"noise_sd=0.5"}).starts_with("noise_sd = 0.5"));
}

TEST_F(DualScoreMatchingTest, NetworksThatDoNotFitAreRefused) {
  const auto expect = [](const std::string& found, const std::string& part) {
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  expect(refusal_of(nets::preset("mlp-silu", {2, 1, 1})),
         "net = mlp-silu: reads no noise level, which objective = dual needs");
  expect(refusal_of(nets::with_noise_level(nets::preset("mlp", {2, 1, 1}))),
         "objective = dual: needs a network without kinks");
}

}  // namespace
}  // namespace ebm
