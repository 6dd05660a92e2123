#include "evaluation/classification/class_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "evaluation/classification/class_probabilities.h"

namespace ebm::evaluation {
namespace {

std::optional<ClassFit> fit_one(const std::vector<float>& energies, std::int64_t n_classes,
                                const std::vector<std::int32_t>& labels) {
  return fit_classes(std::vector<std::vector<float>>{energies}, n_classes, labels);
}

TEST(ClassFitTest, TemperatureAndOffsetsGiveTheSharesOfTwoPoints) {
  // Energies (0, 2) with four of five labels 0, and (2, 0) with two of five labels 0:
  // 2/T + d = ln 4 and −2/T + d = ln(2/3), d = (c₁ − c₀)/T.
  std::vector<float> energies;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 5; ++i) {
    energies.insert(energies.end(), {0.0f, 2.0f});
    labels.push_back(i < 4 ? 0 : 1);
  }
  for (int i = 0; i < 5; ++i) {
    energies.insert(energies.end(), {7.0f, 5.0f});  // 5 more of both: it cancels
    labels.push_back(i < 2 ? 0 : 1);
  }
  const auto fit = fit_one(energies, 2, labels);
  ASSERT_TRUE(fit.has_value());
  const double inverse = (std::log(4.0) - std::log(2.0 / 3.0)) / 4.0;
  EXPECT_NEAR(fit->temperature, 1.0 / inverse, 1e-4 / inverse);
  const double d = 0.5 * (std::log(4.0) + std::log(2.0 / 3.0));
  EXPECT_NEAR(fit->offsets[1] - fit->offsets[0], d / inverse, 1e-4 * d / inverse);
  EXPECT_NEAR(fit->offsets[0] + fit->offsets[1], 0.0, 1e-6);
  ASSERT_EQ(fit->weights.size(), 2u);  // of two classes the sum alone matters
  EXPECT_NEAR(fit->weights[0], 1.0, 1e-6);
  EXPECT_NEAR(fit->weights[1], 1.0, 1e-6);
}

TEST(ClassFitTest, EachEnergyHasAWeight) {
  // Items of three kinds, whose energies of class 1 are above those of class 0 by (2, 0), (0, 2)
  // and (0, 0), with shares of 4/5, 3/5 and 2/5 of class 0: 2·w₁/T + d = ln 4, 2·w₂/T + d = ln(3/2)
  // and d = ln(2/3), d = (c₁ − c₀)/T. The second energy is ten times as large.
  std::vector<std::vector<float>> energies(2);
  std::vector<std::int32_t> labels;
  for (int kind = 0; kind < 3; ++kind) {
    for (int i = 0; i < 5; ++i) {
      energies[0].insert(energies[0].end(), {1.0f, kind == 0 ? 3.0f : 1.0f});
      energies[1].insert(energies[1].end(), {0.0f, kind == 1 ? 20.0f : 0.0f});
      labels.push_back(i < 4 - kind ? 0 : 1);
    }
  }
  const auto fit = fit_classes(energies, 2, labels);
  ASSERT_TRUE(fit.has_value());
  const double d = std::log(2.0 / 3.0);
  const double first = (std::log(4.0) - d) / 2.0, second = (std::log(1.5) - d) / 20.0;
  const double t = 1.0 / (first + second);
  EXPECT_NEAR(fit->temperature, t, 1e-4 * t);
  ASSERT_EQ(fit->weights.size(), 4u);
  for (const std::size_t k : {0, 1}) {
    EXPECT_NEAR(fit->weights[k], first * t, 1e-4);
    EXPECT_NEAR(fit->weights[2 + k], second * t, 1e-4 * second * t);
  }
  EXPECT_NEAR(fit->offsets[1] - fit->offsets[0], d * t, 1e-3 * t);
}

TEST(ClassFitTest, EnergiesThatAgreeShareTheirWeight) {
  std::vector<float> energies;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 5; ++i) {
    energies.insert(energies.end(), {0.0f, 2.0f});
    labels.push_back(i < 4 ? 0 : 1);
  }
  const auto fit = fit_classes(std::vector{energies, energies}, 2, labels);
  ASSERT_TRUE(fit.has_value());
  for (const float weight : fit->weights) EXPECT_NEAR(weight, 0.5, 1e-6);
}

/// The labels are as likely as three classes with weights and constants make them, so that the fit
/// finds these: every item counts as often as its probability says.
TEST(ClassFitTest, ClassesHaveWeightsOfTheirOwn) {
  constexpr double kT = 0.5;
  const std::vector<double> weights{0.6, 1.0, 1.4}, offsets{0.3, -0.1, -0.2};
  constexpr int kCopies = 5000;
  std::vector<float> energies;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 12; ++i) {
    const std::vector<double> e{std::sin(1.0 + 2.0 * i), std::cos(3.0 * i),
                                0.5 * std::sin(0.7 * i)};
    const double mean = (e[0] + e[1] + e[2]) / 3.0;
    std::vector<double> p;
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      p.push_back(std::exp(-(weights[k] * (e[k] - mean) + offsets[k]) / kT));
      sum += p.back();
    }
    for (std::size_t k = 0; k < 3; ++k) {
      for (int copy = 0; copy < std::lround(kCopies * p[k] / sum); ++copy) {
        for (const double each : e) energies.push_back(static_cast<float>(each + 7.0));
        labels.push_back(static_cast<std::int32_t>(k));
      }
    }
  }
  const auto fit = fit_one(energies, 3, labels);
  ASSERT_TRUE(fit.has_value());
  EXPECT_NEAR(fit->temperature, kT, 2e-3);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(fit->weights[k], weights[k], 5e-3) << k;
    EXPECT_NEAR(fit->offsets[k], offsets[k], 2e-3) << k;
  }
}

TEST(ClassFitTest, NothingNearHasALowerCrossEntropy) {
  std::vector<float> energies;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 300; ++i) {
    for (int k = 0; k < 3; ++k) {
      energies.push_back(0.1f * std::sin(static_cast<float>(7 * i * i + 3 * k)) +
                         (i % 3 == k ? 0.0f : 0.04f) + 0.05f * static_cast<float>(k));
    }
    labels.push_back(i % 3);
  }
  const auto fit = fit_one(energies, 3, labels);
  ASSERT_TRUE(fit.has_value());
  const auto entropy = [&](double temperature, const std::vector<float>& weights,
                           const std::vector<float>& offsets) {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const float mean = (energies[3 * i] + energies[3 * i + 1] + energies[3 * i + 2]) / 3.0f;
      std::vector<float> moved;
      for (std::size_t k = 0; k < 3; ++k) {
        moved.push_back(weights[k] * (energies[3 * i + k] - mean) + offsets[k]);
      }
      sum += cross_entropy(moved, labels[i], temperature);
    }
    return sum / static_cast<double>(labels.size());
  };
  const double least = entropy(fit->temperature, fit->weights, fit->offsets);
  EXPECT_LT(least, entropy(fit->temperature, {1, 1, 1}, {0, 0, 0}) - 1e-3);
  for (const double factor : {0.95, 1.05}) {
    EXPECT_LT(least, entropy(fit->temperature * factor, fit->weights, fit->offsets));
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (const float step : {-0.03f, 0.03f}) {
      auto offsets = fit->offsets, weights = fit->weights;
      offsets[k] += step / 3;
      EXPECT_LT(least, entropy(fit->temperature, fit->weights, offsets)) << k;
      weights[k] += 5 * step;
      EXPECT_LT(least, entropy(fit->temperature, weights, fit->offsets)) << k;
    }
  }
}

TEST(ClassFitTest, ThereIsNoneWhereAllAreToldApartOrEqual) {
  const std::vector<float> energies{0, 2, 2, 0, 0, 2};
  EXPECT_FALSE(fit_one(energies, 2, {0, 1, 0}).has_value());
  EXPECT_FALSE(fit_one(energies, 2, {1, 0, 1}).has_value());
  EXPECT_FALSE(fit_one({1, 1, 2, 2}, 2, {0, 1}).has_value());
}

}  // namespace
}  // namespace ebm::evaluation
