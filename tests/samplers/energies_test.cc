#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "samplers/double_well.h"
#include "samplers/gaussian_mixture.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

struct Values {
  std::vector<float> energy, grad;
};

Values evaluate(const Energy& energy, const std::vector<float>& rows) {
  const auto n = static_cast<std::int64_t>(rows.size()) / energy.dim();
  ChainStore chains(n, energy.dim());
  chains.load_rows(rows);
  evaluate_chains(energy, chains, 2);
  Values values{std::vector<float>(static_cast<std::size_t>(n)), {}};
  chains.store_energy(values.energy);
  for (std::int64_t chain = 0; chain < n; ++chain) {
    const auto block = chains.blocks(chain / kLanes, 1);
    for (std::int64_t d = 0; d < energy.dim(); ++d) {
      values.grad.push_back(
          block.energy_grad[static_cast<std::size_t>(d * kLanes + chain % kLanes)]);
    }
  }
  return values;
}

/// The gradient equals central differences of the energy at some points of [−1.5, 1.5]^dim.
void expect_gradient_of(const Energy& energy) {
  const std::int64_t dim = energy.dim();
  std::vector<float> rows(static_cast<std::size_t>(37 * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = 3.0f * std::sin(static_cast<float>(i) * 1.7f) / 2.0f;
  }
  const Values at = evaluate(energy, rows);
  const float h = 1e-3f;
  for (std::int64_t d = 0; d < dim; ++d) {
    auto plus = rows, minus = rows;
    for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(dim)) {
      plus[i + static_cast<std::size_t>(d)] += h;
      minus[i + static_cast<std::size_t>(d)] -= h;
    }
    const Values up = evaluate(energy, plus), down = evaluate(energy, minus);
    for (std::size_t n = 0; n < 37; ++n) {
      const float grad = at.grad[n * static_cast<std::size_t>(dim) + static_cast<std::size_t>(d)];
      EXPECT_NEAR((up.energy[n] - down.energy[n]) / (2 * h), grad, 2e-2f + 2e-3f * std::abs(grad));
    }
  }
}

TEST(DoubleWellTest, HasItsValuesAndItsGradient) {
  const Values values = evaluate(DoubleWell(2), {0, 0, 1, -1, 2, 0.5f});
  EXPECT_FLOAT_EQ(values.energy[0], 4.0f);
  EXPECT_FLOAT_EQ(values.energy[1], 0.0f);
  EXPECT_FLOAT_EQ(values.energy[2], 2 * 9 + 2 * 0.5625f);
  EXPECT_FLOAT_EQ(values.grad[4], 8 * 2 * 3);
  expect_gradient_of(DoubleWell(3, 0.7f));
}

TEST(DoubleWellTest, IntegratesToItsPublishedNormaliser) {
  std::vector<float> rows;
  const double h = 0.005;
  for (double x = -3; x < 3; x += h) rows.push_back(static_cast<float>(x));
  double z = 0, second = 0;
  const Values values = evaluate(DoubleWell(1), rows);
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
  const Values values = evaluate(gaussian, {1, 2, 3, 1.5f, 2, 3});
  const double log_norm = 3 * std::log(0.5 * std::sqrt(2 * std::numbers::pi));
  EXPECT_NEAR(values.energy[0], log_norm, 1e-5);
  EXPECT_NEAR(values.energy[1], log_norm + 0.5, 1e-5);
  EXPECT_NEAR(values.grad[3], 2.0, 1e-5);
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
  for (const float e : evaluate(eight_gaussians(), rows).energy) z += std::exp(-double{e}) * h * h;
  EXPECT_NEAR(z, 1.0, 1e-5);
  expect_gradient_of(eight_gaussians());
}

TEST(GaussianMixtureTest, FarAwayStaysFinite) {
  const Values values = evaluate(eight_gaussians(), {1e4f, -1e4f});
  EXPECT_TRUE(std::isfinite(values.energy[0]));
  EXPECT_TRUE(std::isfinite(values.grad[0]));
}

TEST(EnergiesTest, BadParametersAreRefused) {
  EXPECT_THROW(DoubleWell(0), Error);
  EXPECT_THROW(DoubleWell(1, -1.0f), Error);
  EXPECT_THROW(GaussianMixture(2, {1, 2, 3}, {1.0f}, 1.0f), Error);
  EXPECT_THROW(GaussianMixture(1, {1}, {1.0f}, 0.0f), Error);
  EXPECT_THROW(GaussianMixture(1, {1}, {-1.0f}, 1.0f), Error);
}

}  // namespace
}  // namespace ebm::samplers
