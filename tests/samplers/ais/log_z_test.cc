#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "samplers/energies/banana.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/function_energy.h"
#include "samplers/energies/funnel.h"
#include "samplers/energies/gaussian.h"
#include "samplers/energies/gaussian_bernoulli_rbm.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/energies/log_gamma.h"
#include "samplers/energies/rings.h"
#include "samplers/energies/rosenbrock.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"
#include "samplers/energies/uniform_box.h"
#include "tests/samplers/energies/energy_cases.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::samplers {
namespace {

constexpr double kHalfTurn = std::numbers::pi;

double square_of(double x) { return x * x; }

double line_log_z(const Energy& energy, double low, double high, int n) {
  std::vector<float> rows;
  const double step = (high - low) / n;
  for (int i = 0; i < n; ++i) rows.push_back(static_cast<float>(low + step * (i + 0.5)));
  double sum = 0;
  for (const float e : evaluate_rows(energy, rows).energy) sum += step * std::exp(-double{e});
  return std::log(sum);
}

struct Square {
  double low, high;
  int n;
};

/// ln ∫∫ exp(−E(x₀, x₁)) by the midpoint rule in (x₀, u), where x₁ = shift(x₀) + scale(x₀)·u
/// follows a narrow density.
double plane_log_z(
    const Energy& energy, Square x0, Square u,
    const std::function<double(double)>& shift = [](double) { return 0.0; },
    const std::function<double(double)>& scale = [](double) { return 1.0; }) {
  std::vector<float> rows;
  std::vector<double> weights;
  const double step0 = (x0.high - x0.low) / x0.n, step1 = (u.high - u.low) / u.n;
  for (int i = 0; i < x0.n; ++i) {
    const double x = x0.low + step0 * (i + 0.5);
    for (int j = 0; j < u.n; ++j) {
      rows.push_back(static_cast<float>(x));
      rows.push_back(static_cast<float>(shift(x) + scale(x) * (u.low + step1 * (j + 0.5))));
      weights.push_back(step0 * step1 * scale(x));
    }
  }
  double sum = 0;
  const RowValues values = evaluate_rows(energy, rows);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i] * std::exp(-double{values.energy[i]});
  }
  return std::log(sum);
}

TEST(LogZTest, DoubleWellIsItsQuadratureAtEveryHeight) {
  EXPECT_NEAR(*DoubleWell(1).log_z(), 0.3442382, 1e-7);
  EXPECT_NEAR(*DoubleWell(3).log_z(), 3 * 0.3442382, 3e-7);
  EXPECT_NEAR(*DoubleWell(1, 0.05f).log_z(), line_log_z(DoubleWell(1, 0.05f), -7, 7, 20000), 1e-5);
  EXPECT_NEAR(*DoubleWell(1, 49.0f).log_z(), line_log_z(DoubleWell(1, 49.0f), -2, 2, 20000), 1e-5);
  EXPECT_NEAR(*DoubleWell(1, 60.0f).log_z(), line_log_z(DoubleWell(1, 60.0f), -2, 2, 20000), 1e-5);
  // Two Gaussians of variance 1/(8h), up to order 1/h.
  EXPECT_NEAR(*DoubleWell(1, 1e8f).log_z(), std::log(2 * std::sqrt(kHalfTurn / 4e8)), 1e-7);
}

TEST(LogZTest, LogGammaHasItsPublishedValue) {
  EXPECT_NEAR(*LogGamma(1, 2, 3).log_z(), -2.1972, 5e-5);
  EXPECT_NEAR(*LogGamma(4).log_z(), 4 * (std::log(24.0) - 5 * std::log(10.0)), 1e-10);
  EXPECT_NEAR(*LogGamma(1).log_z(), line_log_z(LogGamma(1), -8, 3, 20000), 1e-5);
}

TEST(LogZTest, EnergiesOfThePlaneAreTheirQuadrature) {
  const DiagonalGaussian diagonal({1, -0.5f}, {2, 0.25f});
  EXPECT_NEAR(*diagonal.log_z(), plane_log_z(diagonal, {-15, 17, 300}, {-3, 2, 300}), 1e-5);
  const Gaussian dense = Gaussian::with_covariance({1, 2}, std::vector<double>{2, 0.5, 0.5, 1});
  EXPECT_NEAR(*dense.log_z(), plane_log_z(dense, {-11, 13, 300}, {-7, 11, 300}), 1e-5);
  EXPECT_NEAR(*eight_gaussians().log_z(),
              plane_log_z(eight_gaussians(), {-2.2, 2.2, 300}, {-2.2, 2.2, 300}), 1e-5);
  EXPECT_NEAR(*twenty_five_gaussians().log_z(),
              plane_log_z(twenty_five_gaussians(), {-2.4, 2.4, 400}, {-2.4, 2.4, 400}), 1e-5);
  EXPECT_NEAR(*Rings().log_z(), plane_log_z(Rings(), {-2.4, 2.4, 400}, {-2.4, 2.4, 400}), 1e-5);
  EXPECT_NEAR(*Banana().log_z(),
              plane_log_z(Banana(), {-60, 60, 300}, {-7, 7, 100},
                          [](double x) { return 0.03 * (x * x - 100); }),
              2e-5);
  EXPECT_NEAR(*Funnel().log_z(),
              plane_log_z(
                  Funnel(), {-18, 18, 300}, {-7, 7, 100}, [](double) { return 0.0; },
                  [](double v) { return std::exp(v / 2); }),
              2e-5);
  EXPECT_NEAR(*Rosenbrock(2, 0.5f, 4).log_z(),
              plane_log_z(Rosenbrock(2, 0.5f, 4), {-5, 6, 300}, {-3, 3, 100},
                          [](double x) { return x * x; }),
              2e-5);
  EXPECT_NEAR(*UniformBox(2, -1, 3).log_z(),
              plane_log_z(UniformBox(2, -1, 3), {-2, 4, 60}, {-2, 4, 60}), 1e-5);
  const GaussianBernoulliRbm rbm({1.5f, -0.5f, 0.3f, 1, 0.7f, -1.2f}, {0.2f, -0.3f},
                                 {0.1f, -0.4f, 0.6f}, 0.8f);
  EXPECT_NEAR(*rbm.log_z(), plane_log_z(rbm, {-8, 9, 300}, {-8, 9, 300}), 1e-5);
}

/// Σ_i Σ_j of the precision matrix c_{|i−j| mod n}: its eigenvalues are the cosine transform of c.
TEST(LogZTest, CirculantGaussianOf784Dimensions) {
  constexpr int kDim = 784;
  constexpr std::size_t kSize = kDim;
  const double row[] = {3.0, -0.9, 0.4};
  std::vector<double> precision(kSize * kSize, 0.0);
  double log_det = 0;
  for (int i = 0; i < kDim; ++i) {
    for (int k = -2; k <= 2; ++k) {
      const int j = (i + k + kDim) % kDim;
      precision[static_cast<std::size_t>(i) * kSize + static_cast<std::size_t>(j)] =
          row[std::abs(k)];
    }
    const double angle = 2 * kHalfTurn * i / kDim;
    log_det += std::log(row[0] + 2 * row[1] * std::cos(angle) + 2 * row[2] * std::cos(2 * angle));
  }
  const Gaussian gaussian = Gaussian::with_precision(std::vector<float>(kDim, 1.0f), precision);
  EXPECT_NEAR(*gaussian.log_z(), 0.5 * (kDim * std::log(2 * kHalfTurn) - log_det), 1e-8);
  // Along the constant vector of length √784 the precision is the sum of a row.
  EXPECT_NEAR(evaluate_rows(gaussian, std::vector<float>(kDim, 0.0f)).energy[0],
              0.5 * kDim * (3 - 1.8 + 0.8), 1e-2);
}

/// Covariance D + uuᵀ: det = det D·(1 + uᵀD⁻¹u).
TEST(LogZTest, LowRankPlusDiagonalGaussianOf784Dimensions) {
  constexpr int kDim = 784;
  constexpr std::size_t kSize = kDim;
  std::vector<double> covariance(kSize * kSize);
  const auto u = [](int i) { return std::sin(0.37 * i); };
  const auto variance = [](int i) { return 0.5 + 0.001 * i; };
  double log_det = 0, projected = 0;
  for (int i = 0; i < kDim; ++i) {
    for (int j = 0; j < kDim; ++j) {
      covariance[static_cast<std::size_t>(i) * kSize + static_cast<std::size_t>(j)] =
          u(i) * u(j) + (i == j) * variance(i);
    }
    log_det += std::log(variance(i));
    projected += u(i) * u(i) / variance(i);
  }
  log_det += std::log1p(projected);
  const Gaussian gaussian = Gaussian::with_covariance(std::vector<float>(kDim, 0.0f), covariance);
  EXPECT_NEAR(*gaussian.log_z(), 0.5 * (kDim * std::log(2 * kHalfTurn) + log_det), 1e-8);
  std::vector<float> at;
  for (int i = 0; i < kDim; ++i) at.push_back(static_cast<float>(u(i)));
  // uᵀ(D + uuᵀ)⁻¹u = p/(1 + p).
  EXPECT_NEAR(evaluate_rows(gaussian, at).energy[0], 0.5 * projected / (1 + projected), 1e-4);
}

/// ∫exp(−E(v, h)) dv of every h on its own.
TEST(LogZTest, RbmIsTheSumOverItsHiddenStates) {
  const RbmNumbers n;
  double sum = 0;
  for (int state = 0; state < 1 << n.kHidden; ++state) {
    double exponent = 0;
    for (int j = 0; j < n.kHidden; ++j) exponent += (state >> j & 1) * n.hidden_bias(j);
    for (int i = 0; i < n.kVisible; ++i) {
      double drive = 0;
      for (int j = 0; j < n.kHidden; ++j) drive += (state >> j & 1) * n.weight(i, j);
      const double b = n.visible_bias(i);
      exponent += (square_of(b + drive) - square_of(b)) / (2 * square_of(n.kSd));
    }
    sum += std::exp(exponent);
  }
  const double right =
      0.5 * n.kVisible * std::log(2 * kHalfTurn * square_of(n.kSd)) + std::log(sum);
  for (const EnergyCase& the : energy_cases()) {
    if (the.name == "Rbm") {
      EXPECT_NEAR(*the.energy->log_z(), right, 1e-6);
    }
  }
}

TEST(LogZTest, RbmOfTwentyHiddenUnitsWithoutWeightsIsAProduct) {
  const std::vector<float> zeros(40, 0.0f);
  const GaussianBernoulliRbm rbm(zeros, {0, 0}, std::vector<float>(20, 0.7f), 2.0f);
  EXPECT_NEAR(*rbm.log_z(), std::log(8 * kHalfTurn) + 20 * std::log1p(std::exp(double{0.7f})),
              1e-9);
  const GaussianBernoulliRbm large(std::vector<float>(21, 0.0f), {0}, std::vector<float>(21, 0.7f));
  EXPECT_FALSE(large.log_z().has_value());
}

/// Every z_j by quadrature, where the library integrates it in closed form; E[μ] as published.
TEST(LogZTest, EightSchoolsHasThePublishedMeanOfItsEffect) {
  double z = 0, first = 0;
  const double step_mean = 0.5, step_log = 0.1, step_z = 0.15;
  for (double mean = -30; mean < 45; mean += step_mean) {
    for (double log_spread = -4; log_spread < 9; log_spread += step_log) {
      double p = std::exp(-square_of(mean / 10) / 2 - square_of(log_spread - 5) / 2);
      for (int j = 0; j < 8; ++j) {
        // Where e^ℓ is large the likelihood is narrow in z: the grid follows the posterior of z.
        const double sd = double{EightSchools::kSds[j]}, spread = std::exp(log_spread);
        const double y = double{EightSchools::kEffects[j]};
        const double precision = 1 + square_of(spread / sd);
        const double centre = spread * (y - mean) / square_of(sd) / precision;
        double inner = 0;
        for (double t = -6; t <= 6; t += step_z) {
          const double at = centre + t / std::sqrt(precision);
          inner += std::exp(-at * at / 2 - square_of((mean + spread * at - y) / sd) / 2);
        }
        p *= inner * step_z / std::sqrt(precision);
      }
      z += p * step_mean * step_log;
      first += p * mean * step_mean * step_log;
    }
  }
  EXPECT_NEAR(first / z, 5.7598, 3 * 0.0179);
  EXPECT_NEAR(*EightSchools().log_z(), std::log(z), 1e-5);
}

TEST(LogZTest, IsEmptyWhereItIsNotKnown) {
  EXPECT_FALSE(Rosenbrock(3).log_z().has_value());
  const auto well = std::make_shared<DoubleWell>(1);
  EXPECT_FALSE(TemperedEnergy(well, 2.0f).log_z().has_value());
  EXPECT_EQ(TemperedEnergy(well, 1.0f).log_z(), well->log_z());
  EXPECT_FALSE(SumEnergy({{well, 1.0f}}).log_z().has_value());
  const FunctionEnergy function(1, [](std::span<const float>, std::span<float>) { return 0.0f; });
  EXPECT_FALSE(function.log_z().has_value());
}

}  // namespace
}  // namespace ebm::samplers
