#include "evaluation/classification/class_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "evaluation/classification/class_probabilities.h"

namespace ebm::evaluation {
namespace {

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
  const auto fit = fit_classes(energies, 2, labels);
  ASSERT_TRUE(fit.has_value());
  const double inverse = (std::log(4.0) - std::log(2.0 / 3.0)) / 4.0;
  EXPECT_NEAR(fit->temperature, 1.0 / inverse, 1e-4 / inverse);
  const double d = 0.5 * (std::log(4.0) + std::log(2.0 / 3.0));
  EXPECT_NEAR(fit->offsets[1] - fit->offsets[0], d / inverse, 1e-4 * d / inverse);
  EXPECT_NEAR(fit->offsets[0] + fit->offsets[1], 0.0, 1e-6);
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
  const auto fit = fit_classes(energies, 3, labels);
  ASSERT_TRUE(fit.has_value());
  const auto entropy = [&](double temperature, const std::vector<float>& offsets) {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      std::vector<float> moved;
      for (std::size_t k = 0; k < 3; ++k) moved.push_back(energies[3 * i + k] + offsets[k]);
      sum += cross_entropy(moved, labels[i], temperature);
    }
    return sum / static_cast<double>(labels.size());
  };
  const double least = entropy(fit->temperature, fit->offsets);
  EXPECT_LT(least, entropy(fit->temperature, {0, 0, 0}) - 1e-3);
  for (const double factor : {0.95, 1.05}) {
    EXPECT_LT(least, entropy(fit->temperature * factor, fit->offsets));
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (const float step : {-0.01f, 0.01f}) {
      auto offsets = fit->offsets;
      offsets[k] += step;
      EXPECT_LT(least, entropy(fit->temperature, offsets)) << k;
    }
  }
}

TEST(ClassFitTest, ThereIsNoneWhereAllAreToldApartOrEqual) {
  const std::vector<float> energies{0, 2, 2, 0, 0, 2};
  EXPECT_FALSE(fit_classes(energies, 2, std::vector<std::int32_t>{0, 1, 0}).has_value());
  EXPECT_FALSE(fit_classes(energies, 2, std::vector<std::int32_t>{1, 0, 1}).has_value());
  EXPECT_FALSE(
      fit_classes(std::vector<float>{1, 1, 2, 2}, 2, std::vector<std::int32_t>{0, 1}).has_value());
}

}  // namespace
}  // namespace ebm::evaluation
