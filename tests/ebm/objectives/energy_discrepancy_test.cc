#include "ebm/objectives/energy_discrepancy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/ebm/objectives/bowl.h"
#include "tests/ebm/objectives/score_matching_case.h"

namespace ebm {
namespace {

/// n points of N(0, sd²) at its quantiles of (i + ½)/n, scaled to that variance: means of smooth
/// functions of them are those of the distribution.
std::vector<float> normal_quantiles(std::size_t n, double sd) {
  std::vector<float> points;
  for (std::size_t i = 0; i < n; ++i) {
    const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    double low = -10.0, high = 10.0;
    while (high - low > 1e-9) {
      const double middle = 0.5 * (low + high);
      (0.5 * std::erfc(-middle / std::sqrt(2.0)) < wanted ? low : high) = middle;
    }
    points.push_back(static_cast<float>(low));
  }
  scale_to(sd * sd, points);
  return points;
}

/// Loss and ∂L/∂k of E = ½·k·x² of data N(0, s²) at w = 0, on all pairs of points x and z, each
/// with all points z_j.
ObjectiveStep step_of_a_gaussian(double k, double s, double noise_sd) {
  constexpr std::size_t kPoints = 30, kPerturbations = 1000;
  const auto x = normal_quantiles(kPoints, s), z = normal_quantiles(kPoints, 1.0);
  const auto z_j = normal_quantiles(kPerturbations, 1.0);
  std::vector<float> data, normals;
  for (std::size_t pair = 0; pair < kPoints * kPoints; ++pair) {
    data.push_back(x[pair / kPoints]);
    normals.push_back(z[pair % kPoints]);
    normals.insert(normals.end(), z_j.begin(), z_j.end());
  }
  return energy_discrepancy(
      Bowl(k, 1), data, normals,
      {.noise_sd = noise_sd, .perturbations = kPerturbations, .stabilisation = 0.0});
}

TEST(EnergyDiscrepancyTest, OfAGaussianIsItsClosedFormAndLeastAtItsVariance) {
  // −ln ∫ exp(−½kx²) N(x; y, t) dx = ½·k·y²/(1 + kt) + ½·ln(1 + kt), and y ~ N(0, s² + t):
  //   2·L(k) = k·s² − k·(s² + t)/(1 + kt) − ln(1 + kt),
  //   2·L'(k) = s² − (s² + t)/(1 + kt)² − t/(1 + kt), which is 0 at k = 1/s².
  const double s = 0.6, own = 1.0 / (s * s);
  for (const double noise_sd : {0.2, 0.7}) {
    SCOPED_TRACE(noise_sd);
    const double t = noise_sd * noise_sd, total = s * s + t;
    std::vector<double> gradients;
    for (const double k : {0.3, 4.0, 0.99 * own, 1.01 * own}) {
      const double q = 1.0 + k * t;
      const ObjectiveStep step = step_of_a_gaussian(k, s, noise_sd);
      gradients.push_back(double{step.gradient[0][0]});
      EXPECT_NEAR(step.loss, 0.5 * (k * s * s - k * total / q - std::log(q)), 1e-3);
      EXPECT_NEAR(gradients.back(), 0.5 * (s * s - total / (q * q) - t / q), 1e-3);
    }
    // Near its zero the gradient is a line, as good as.
    const double below = gradients[2], above = gradients[3];
    EXPECT_NEAR(0.99 + 0.02 * below / (below - above), 1.0, 1e-3);
  }
}

TEST(EnergyDiscrepancyTest, IsExactWithFewPerturbationsAtAStabilisationOfOne) {
  // There L + ln M is the cross-entropy by which x is told from its M points, −ln of
  // exp(−E(x))/(exp(−E(x)) + Σ_j exp(−E(x_j))). Given y = x + √t·z the points are draws of N(y,
  // tI), and the densities of x and of a point are as p(x)·N(x; y, tI) to N(x; y, tI), up to a
  // factor: the best energy is −ln p, whatever M is. The mean of the gradient there is 0, at any
  // other w not.
  constexpr std::int64_t kDim = 3;
  constexpr std::size_t kRows = 2000, kBatches = 40;
  const double s = 0.6;
  for (const std::int64_t m : {1, 4}) {
    for (const double w : {1.0, 2.0}) {
      SCOPED_TRACE(testing::Message() << m << " " << w);
      double sum = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < kBatches; ++i) {
        base::RandomStream random({.seed = 31}, i);
        std::vector<float> data, normals;
        for (std::size_t at = 0; at < kRows * kDim; ++at) {
          data.push_back(static_cast<float>(s * random.next_normal()));
        }
        while (normals.size() < static_cast<std::size_t>(1 + m) * data.size()) {
          normals.push_back(static_cast<float>(random.next_normal()));
        }
        const double gradient =
            double{energy_discrepancy(Bowl(1.0 / (s * s), kDim), data, normals,
                                      {.noise_sd = 0.5, .perturbations = m, .stabilisation = w})
                       .gradient[0][0]};
        sum += gradient / kBatches;
        squares += gradient * gradient / kBatches;
      }
      const double standard_error = std::sqrt((squares - sum * sum) / (kBatches - 1));
      if (w == 1.0) {
        EXPECT_LT(std::abs(sum), 4.0 * standard_error);
      } else {
        EXPECT_GT(std::abs(sum), 8.0 * standard_error);
      }
    }
  }
}

class EnergyDiscrepancyTrainerTest : public ScoreMatchingCase {
 protected:
  EnergyDiscrepancyTrainerTest() : ScoreMatchingCase(ObjectiveKind::kEnergyDiscrepancy) {}
};

TEST_F(EnergyDiscrepancyTrainerTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  expect_same_bits();
}

TEST_F(EnergyDiscrepancyTrainerTest, ItsFileDrawsAtATemperatureOfOne) {
  options_.iterations = 1;
  resolve();
  LossesOfRun recorder;
  train("run", recorder);
  const nets::SamplerRecipe recipe = nets::read_model(root_ / "run", {}).recipe;
  EXPECT_EQ(recipe.sampler, samplers::SamplerKind::kLangevin);
  EXPECT_EQ(samplers::effective_temperature(recipe.langevin.step_size, recipe.langevin.noise_scale),
            1.0f);
  EXPECT_FALSE(recipe.langevin.clamp_energy_grad);
}

TEST(EnergyDiscrepancyOptionsTest, WhatMakesNoSenseIsRefused) {
  const auto refusal = [](const std::vector<std::string>& keys) {
    return refusal_of_keys("discrepancy", keys);
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"noise_sd=0"}), "noise_sd = 0: must be above 0 with objective = discrepancy");
  EXPECT_EQ(refusal({"perturbations=0"}), "perturbations = 0: must be from 1 to 1024");
  EXPECT_EQ(refusal({"perturbations=1025"}), "perturbations = 1025: must be from 1 to 1024");
  EXPECT_EQ(refusal({"stabilisation=0"}), "stabilisation = 0: must be a positive number");
  EXPECT_EQ(refusal({"noise_sd_max=1"}),
            "noise_sd_max = 1: must be left out with objective = discrepancy");
}

}  // namespace
}  // namespace ebm
