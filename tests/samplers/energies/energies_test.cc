#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/energies/banana.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/funnel.h"
#include "samplers/energies/gaussian.h"
#include "samplers/energies/gaussian_bernoulli_rbm.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/energies/log_gamma.h"
#include "samplers/energies/rings.h"
#include "samplers/energies/rosenbrock.h"
#include "samplers/energies/uniform_box.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::samplers {
namespace {

TEST(DoubleWellTest, HasItsValuesAndItsGradient) {
  const RowValues values = evaluate_rows(DoubleWell(2), {0, 0, 1, -1, 2, 0.5f});
  EXPECT_FLOAT_EQ(values.energy[0], 4.0f);
  EXPECT_FLOAT_EQ(values.energy[1], 0.0f);
  EXPECT_FLOAT_EQ(values.energy[2], 2 * 9 + 2 * 0.5625f);
  EXPECT_FLOAT_EQ(values.energy_grad[4], 8 * 2 * 3);
}

TEST(DoubleWellTest, IntegratesToItsPublishedNormaliser) {
  std::vector<float> rows;
  const double h = 0.005;
  for (double x = -3; x < 3; x += h) rows.push_back(static_cast<float>(x));
  double z = 0, second = 0;
  const RowValues values = evaluate_rows(DoubleWell(1), rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double p = std::exp(-double{values.energy[i]}) * h;
    z += p;
    second += p * rows[i] * rows[i];
  }
  EXPECT_NEAR(std::log(z), 0.3442382, 1e-5);
  EXPECT_NEAR(second / z, 0.8521362, 1e-5);
}

TEST(GaussianMixtureTest, OneModeIsTheGaussian) {
  const GaussianMixture gaussian(3, {1, 2, 3}, {5.0f}, 0.5f);
  const RowValues values = evaluate_rows(gaussian, {1, 2, 3, 1.5f, 2, 3});
  const double log_norm = 3 * std::log(0.5 * std::sqrt(2 * std::numbers::pi));
  EXPECT_NEAR(values.energy[0], log_norm, 1e-5);
  EXPECT_NEAR(values.energy[1], log_norm + 0.5, 1e-5);
  EXPECT_NEAR(values.energy_grad[3], 2.0, 1e-5);
}

TEST(GaussianMixtureTest, EightGaussiansIntegrateToOne) {
  std::vector<float> rows;
  const double h = 0.02;
  for (double x = -2; x < 2; x += h) {
    for (double y = -2; y < 2; y += h) {
      rows.push_back(static_cast<float>(x));
      rows.push_back(static_cast<float>(y));
    }
  }
  double z = 0;
  for (const float e : evaluate_rows(eight_gaussians(), rows).energy)
    z += std::exp(-double{e}) * h * h;
  EXPECT_NEAR(z, 1.0, 1e-5);
}

TEST(GaussianMixtureTest, FarAwayStaysFinite) {
  const RowValues values = evaluate_rows(eight_gaussians(), {1e4f, -1e4f});
  EXPECT_TRUE(std::isfinite(values.energy[0]));
  EXPECT_TRUE(std::isfinite(values.energy_grad[0]));
}

// A chain far out switches its block to the form that takes the largest part out.
TEST(GaussianMixtureTest, AChainsBitsDoNotDependOnTheOthersOfItsBlock) {
  std::vector<float> near(32);
  for (std::size_t i = 0; i < near.size(); ++i) {
    near[i] = 1.1f * std::sin(static_cast<float>(i) * 1.7f);
  }
  std::vector<float> with_far = near;
  with_far[30] = 50.0f;
  const RowValues alone = evaluate_rows(eight_gaussians(), near);
  const RowValues beside = evaluate_rows(eight_gaussians(), with_far);
  for (std::size_t n = 0; n < 15; ++n) {
    EXPECT_EQ(alone.energy[n], beside.energy[n]);
    EXPECT_EQ(alone.energy_grad[2 * n], beside.energy_grad[2 * n]);
    EXPECT_EQ(alone.energy_grad[2 * n + 1], beside.energy_grad[2 * n + 1]);
  }
  EXPECT_NE(alone.energy[15], beside.energy[15]);
}

TEST(GaussianMixtureTest, FarMeansAndManyModesKeepTheirDigits) {
  // E is that of the nearest mode: ½·(0.5)² and a constant of 2·ln 0.1 + ln 2π + ln 300.
  std::vector<float> means;
  for (int k = 0; k < 300; ++k) {
    means.push_back(static_cast<float>(10 * k));
    means.push_back(-512.0f);
  }
  const GaussianMixture mixture(2, means, std::vector<float>(300, 2.0f), 0.125f);
  const RowValues values = evaluate_rows(mixture, {1000.0625f, -512.0f});
  const double constant = 2 * std::log(0.125) + std::log(2 * std::numbers::pi) + std::log(300.0);
  EXPECT_NEAR(values.energy[0], 0.125 + constant, 1e-5);
  EXPECT_NEAR(values.energy_grad[0], 4.0, 1e-4);
}

TEST(IllConditionedGaussianTest, HasItsCondition) {
  const DiagonalGaussian gaussian = ill_conditioned_gaussian(5, 1e4, 2.0);
  EXPECT_FLOAT_EQ(gaussian.sds().front(), 2.0f);
  EXPECT_FLOAT_EQ(gaussian.sds()[2], 0.2f);
  EXPECT_FLOAT_EQ(gaussian.sds().back(), 0.02f);
}

TEST(GaussianTest, TakesEitherMatrix) {
  const std::vector<double> covariance{2, 0.5, 0.5, 1};
  const double det = 1.75;
  const std::vector<double> precision{1 / det, -0.5 / det, -0.5 / det, 2 / det};
  const Gaussian a = Gaussian::with_covariance({1, 2}, covariance);
  const Gaussian b = Gaussian::with_precision({1, 2}, precision);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(a.precision()[i], precision[i], 1e-6);
    EXPECT_NEAR(b.precision()[i], precision[i], 1e-6);
  }
  EXPECT_NEAR(evaluate_rows(a, {2, 4}).energy[0], 0.5 * (1 - 2 * 0.5 * 2 + 2 * 4) / det, 1e-6);
}

TEST(RingsTest, TheGradientVanishesAtTheOrigin) {
  const RowValues values = evaluate_rows(Rings(), {0, 0});
  EXPECT_TRUE(std::isfinite(values.energy[0]));
  EXPECT_EQ(values.energy_grad[0], 0.0f);
  EXPECT_EQ(values.energy_grad[1], 0.0f);
}

TEST(UniformBoxTest, IsFlatInsideAndAWallOutside) {
  const RowValues values =
      evaluate_rows(UniformBox(2, -1, 3), {0, 0, -1, 3, -1.01f, 0, 0, 3.01f, std::nanf(""), 0});
  EXPECT_EQ(values.energy[0], 0.0f);
  EXPECT_EQ(values.energy[1], 0.0f);
  EXPECT_EQ(values.energy[2], INFINITY);
  EXPECT_EQ(values.energy[3], INFINITY);
  EXPECT_TRUE(std::isnan(values.energy[4]));
  EXPECT_EQ(values.energy_grad[4], 0.0f);
}

TEST(EnergiesTest, BadParametersAreRefused) {
  EXPECT_THROW(DoubleWell(0), Error);
  EXPECT_THROW(DoubleWell(1, -1.0f), Error);
  EXPECT_THROW(DoubleWell(1, INFINITY), Error);
  EXPECT_THROW(GaussianMixture(2, {1, 2, 3}, {1.0f}, 1.0f), Error);
  EXPECT_THROW(GaussianMixture(1, {1}, {1.0f}, 0.0f), Error);
  EXPECT_THROW(GaussianMixture(1, {1}, {-1.0f}, 1.0f), Error);
  EXPECT_THROW(GaussianMixture(1, {NAN}, {1.0f}, 1.0f), Error);
  EXPECT_THROW(DiagonalGaussian({}, {}), Error);
  EXPECT_THROW(DiagonalGaussian({0, 1}, {1}), Error);
  EXPECT_THROW(DiagonalGaussian({0}, {0}), Error);
  EXPECT_THROW(ill_conditioned_gaussian(2, 0.5), Error);
  EXPECT_THROW(ill_conditioned_gaussian(1, 2.0), Error);
  EXPECT_THROW(Gaussian::with_precision({0, 0}, std::vector<double>{1, 2, 3}), Error);
  EXPECT_THROW(Gaussian::with_precision({0, 0}, std::vector<double>{1, 0.5, 0, 1}), Error);
  EXPECT_THROW(Gaussian::with_precision({0, 0}, std::vector<double>{1, 2, 2, 1}), Error);
  EXPECT_THROW(Gaussian::with_covariance({0, 0}, std::vector<double>{1, 2, 2, 1}), Error);
  EXPECT_THROW(Gaussian::with_covariance({0}, std::vector<double>{NAN}), Error);
  EXPECT_THROW(Rings(std::vector<float>{}), Error);
  EXPECT_THROW(Rings({1, -1}), Error);
  EXPECT_THROW(Rings({1}, 0), Error);
  EXPECT_THROW(Banana(1), Error);
  EXPECT_THROW(Banana(2, NAN), Error);
  EXPECT_THROW(Funnel(1), Error);
  EXPECT_THROW(Funnel(2, -3), Error);
  EXPECT_THROW(LogGamma(0), Error);
  EXPECT_THROW(LogGamma(1, 0), Error);
  EXPECT_THROW(LogGamma(1, 1, 0), Error);
  EXPECT_THROW(Rosenbrock(1), Error);
  EXPECT_THROW(Rosenbrock(2, 1, 0), Error);
  EXPECT_THROW(GaussianBernoulliRbm({1, 2, 3}, {0, 0}, {0}), Error);
  EXPECT_THROW(GaussianBernoulliRbm({}, {}, {0}), Error);
  EXPECT_THROW(GaussianBernoulliRbm({NAN}, {0}, {0}), Error);
  EXPECT_THROW(UniformBox(1, 1, 1), Error);
  EXPECT_THROW(UniformBox(0, 0, 1), Error);
}

TEST(EnergiesTest, MessagesNameTheParameterItsValueAndWhatIsRight) {
  const auto message = [](auto make) -> std::string {
    try {
      make();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing thrown";
  };
  EXPECT_EQ(message([] { Funnel(1); }), "dim = 1: must be at least 2");
  EXPECT_EQ(message([] { Rings({1, -2}); }), "radii[1] = -2: must be a positive number");
  EXPECT_EQ(message([] {
              DiagonalGaussian({0, 1}, {1});
            }),
            "sds holds 1 values: must be 2, one per mean");
  EXPECT_EQ(message([] {
              Gaussian::with_precision({0, 0}, std::vector<double>{1, 0.5, 0, 1});
            }),
            "precision[1, 0] differs by 0.5 from its mirror: must be symmetric");
}

}  // namespace
}  // namespace ebm::samplers
