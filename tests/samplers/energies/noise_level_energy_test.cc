#include "samplers/energies/noise_level_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "samplers/energies/class_energy.h"
#include "samplers/energies/double_well.h"
#include "samplers/run_chains.h"
#include "tests/samplers/kernels/noisy_gaussian.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

/// A label and a level of its own in each of 37 chains. F(u, y, σ) = ‖u − 0.25 − y‖²/(2(0.6² +
/// σ²)).
TEST(NoiseLevelEnergyTest, IsTheFormulaInEveryLane) {
  constexpr std::size_t kN = 37;
  constexpr double kDataSd = 0.8;
  std::vector<float> rows, contexts;
  for (std::size_t i = 0; i < kN; ++i) {
    rows.insert(rows.end(), {0.25f * static_cast<float>(i % 9), -0.5f * static_cast<float>(i % 5)});
    contexts.insert(contexts.end(),
                    {static_cast<float>(i % 4), 0.05f * std::pow(2.0f, static_cast<float>(i % 8))});
  }
  for (const std::int64_t preferred : {0, 1, 2, 3}) {
    const NoiseLevelEnergy energy(std::make_shared<NoisyGaussian>(2, 0.25f, 0.6f, 2, preferred),
                                  static_cast<float>(kDataSd));
    ChainStore chains(kN, 2, 2);
    chains.load_rows(rows);
    chains.load_context(contexts);
    evaluate_chains(energy, chains, 2);
    std::vector<float> found(kN), gradient(2 * kN);
    chains.store_energy(found);
    chains.store_energy_grad(gradient);
    const NoiseLevelEnergy with_log_z(std::make_shared<NoisyGaussian>(2, 0.25f, 0.6f, 2, preferred),
                                      static_cast<float>(kDataSd), /*with_gaussian_log_z=*/true);
    evaluate_chains(with_log_z, chains, 2);
    std::vector<float> more(kN), same_gradient(2 * kN);
    chains.store_energy(more);
    chains.store_energy_grad(same_gradient);
    EXPECT_EQ(same_gradient, gradient);
    for (std::size_t i = 0; i < kN; ++i) {
      const double variance = std::pow(contexts[2 * i + 1], 2) + kDataSd * kDataSd;
      EXPECT_NEAR(more[i] - found[i], std::log(2.0 * std::numbers::pi * variance),
                  2e-6 * (1.0 + std::abs(found[i])));
    }
    for (std::size_t i = 0; i < kN; ++i) {
      const double mean = 0.25 + contexts[2 * i], sigma = contexts[2 * i + 1];
      const auto formula = [&](double x0, double x1) {
        const double total = sigma * sigma + kDataSd * kDataSd;
        double f = 0.0;
        for (const double x : {x0, x1}) {
          f += std::pow(x / std::sqrt(total) - mean, 2) / (2.0 * (0.36 + sigma * sigma));
        }
        return (x0 * x0 + x1 * x1) / (2.0 * total) + kDataSd / sigma * f;
      };
      const double x0 = rows[2 * i], x1 = rows[2 * i + 1], h = 1e-4;
      const double right = formula(x0, x1);
      EXPECT_NEAR(found[i], right, 1e-6 * (1.0 + std::abs(right)));
      const double right0 = (formula(x0 + h, x1) - formula(x0 - h, x1)) / (2.0 * h);
      const double right1 = (formula(x0, x1 + h) - formula(x0, x1 - h)) / (2.0 * h);
      EXPECT_NEAR(gradient[2 * i], right0, 2e-6 * (1.0 + std::abs(right0)));
      EXPECT_NEAR(gradient[2 * i + 1], right1, 2e-6 * (1.0 + std::abs(right1)));
    }
  }
}

TEST(ClassEnergyTest, IsTheEnergyAtTheLabelForEveryLevel) {
  constexpr std::size_t kN = 37;
  std::vector<float> rows, levels, both;
  for (std::size_t i = 0; i < kN; ++i) {
    rows.insert(rows.end(), {0.25f * static_cast<float>(i % 9), -0.5f * static_cast<float>(i % 5)});
    levels.push_back(0.1f + static_cast<float>(i));
    both.insert(both.end(), {3.0f, levels.back()});
  }
  for (const std::int64_t preferred : {0, 1, 2, 3}) {
    const auto inner = std::make_shared<NoisyGaussian>(2, 0.25f, 0.6f, 2, preferred);
    const auto energies = [&](const Energy& energy, const std::vector<float>& contexts) {
      ChainStore chains(kN, 2, energy.context_dim());
      chains.load_rows(rows);
      chains.load_context(contexts);
      evaluate_chains(energy, chains, 2);
      std::vector<float> found(3 * kN);
      chains.store_energy(std::span(found).first(kN));
      chains.store_energy_grad(std::span(found).subspan(kN));
      return found;
    };
    EXPECT_EQ(energies(ClassEnergy(inner, 3.0f), levels), energies(*inner, both));
    EXPECT_NE(energies(ClassEnergy(inner, 2.0f), levels), energies(*inner, both));
  }
}

TEST(ClassEnergyTest, AnEnergyOfALabelAloneIsRefused) {
  const std::string line = message_of(
      ErrorCode::kUsage, [] { ClassEnergy(std::make_shared<NoisyGaussian>(2, 0.0f, 1.0f), 0.0f); });
  EXPECT_TRUE(contains(line, "context_dim 1: must read a label and another number")) << line;
}

TEST(NoiseLevelEnergyTest, WhatItCannotWrapIsRefused) {
  message_of(ErrorCode::kUsage, [] { NoiseLevelEnergy(nullptr, 1.0f); });
  const std::string line = message_of(
      ErrorCode::kUsage, [] { NoiseLevelEnergy(std::make_shared<DoubleWell>(1), 1.0f); });
  EXPECT_TRUE(contains(line, "must read a noise level")) << line;
  EXPECT_TRUE(contains(
      message_of(ErrorCode::kUsage,
                 [] { NoiseLevelEnergy(std::make_shared<NoisyGaussian>(2, 0.0f, 1.0f), 0.0f); }),
      "data_sd = 0"));
}

}  // namespace
}  // namespace ebm::samplers
