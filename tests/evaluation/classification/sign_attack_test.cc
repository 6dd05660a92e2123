#include "evaluation/classification/sign_attack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "tests/evaluation/classification/labelled_wells.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

const LabelledWells kWells({{1.0f, -1.0f, 0.0f}, {1.0f, 1.0f, 0.0f}});

TEST(SignAttackTest, AnItemIsLostWhereTheStepCrossesTheBoundary) {
  // Distances 0.1 to 0.9 from the boundary x₀ = 0; the last is wrong from the start.
  const std::vector<float> rows{-0.1f, 5, -0.3f, 0, 0.5f, -3, 0.7f, 0, -0.9f, 1, 0.2f, 0};
  const std::vector<std::int32_t> labels{0, 0, 1, 1, 0, 0};
  // At a temperature so small that every p rounds to 0 or 1, too.
  for (const double temperature : {1.0, 1e-9}) {
    const auto found = attack_by_signs(kWells, {.n_classes = 2}, rows, labels,
                                       {.eps = {0.0, 0.2, 0.4, 0.8}, .temperature = temperature});
    ASSERT_EQ(found.size(), 4u);
    EXPECT_DOUBLE_EQ(found[0].fgsm, 5.0 / 6.0);
    EXPECT_DOUBLE_EQ(found[0].random, 5.0 / 6.0);
    EXPECT_DOUBLE_EQ(found[1].fgsm, 4.0 / 6.0);
    EXPECT_DOUBLE_EQ(found[2].fgsm, 3.0 / 6.0);
    EXPECT_DOUBLE_EQ(found[3].fgsm, 1.0 / 6.0);
    EXPECT_EQ(found[3].eps, 0.8);
  }
  const auto boxed = attack_by_signs(kWells, {.n_classes = 2}, std::span(rows).first(2),
                                     std::span(labels).first(1),
                                     {.eps = {2.0}, .box = samplers::Box{-6.0f, -0.01f}});
  EXPECT_DOUBLE_EQ(boxed[0].fgsm, 1.0);
}

TEST(SignAttackTest, RandomSignsAreHalfOfEach) {
  // All 0.5 from the boundary: a step of 1 loses those whose first sign points at it.
  constexpr std::size_t kItems = 2000;
  std::vector<float> rows(2 * kItems, -0.5f);
  const std::vector<std::int32_t> labels(kItems, 0);
  const auto found =
      attack_by_signs(kWells, {.n_classes = 2}, rows, labels, {.eps = {1.0}, .seed = 3});
  EXPECT_NEAR(found[0].random, 0.5, 5.0 * std::sqrt(0.25 / kItems));
  EXPECT_DOUBLE_EQ(found[0].fgsm, 0.0);
}

/// @param weights  of the energies of each class, ClassContexts::weights of one condition
void expect_gradient_of_cross_entropy(const std::vector<float>& weights) {
  const LabelledWells wells(
      {{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.5f}, {0.5f, 0.0f, 2.0f}, {3.0f, 0.5f, -1.0f}});
  constexpr double kTemperature = 0.7, kEps = 0.3;
  constexpr std::size_t kItems = 600;  // more than are moved together
  std::vector<float> rows;
  std::vector<std::int32_t> labels;
  base::RandomStream stream({.seed = 5}, 0);
  std::int64_t n_right = 0;
  const auto energies_of = [&](double x, double y) {
    std::vector<double> energies;
    double mean = 0.0;
    for (std::size_t k = 0; k < 4; ++k) {
      energies.push_back(wells.energy(x, y, k));
      mean += energies.back() / 4.0;
    }
    for (std::size_t k = 0; k < weights.size(); ++k) {
      energies[k] = double{weights[k]} * (energies[k] - mean);
    }
    return energies;
  };
  const auto least = [&](double x, double y) {
    const std::vector<double> energies = energies_of(x, y);
    return std::min_element(energies.begin(), energies.end()) - energies.begin();
  };
  for (std::size_t i = 0; i < kItems; ++i) {
    const float x = 4.0f * stream.next_uniform() - 2.0f, y = 4.0f * stream.next_uniform() - 2.0f;
    const auto label = static_cast<std::int32_t>(stream.next_below(4));
    rows.insert(rows.end(), {x, y});
    labels.push_back(label);
    const auto loss = [&](double at_x, double at_y) {
      double sum = 0.0;
      const std::vector<double> energies = energies_of(at_x, at_y);
      const double own = energies[static_cast<std::size_t>(label)];
      for (const double energy : energies) sum += std::exp((own - energy) / kTemperature);
      return std::log(sum);
    };
    constexpr double kH = 1e-5;
    const double dx = loss(double{x} + kH, double{y}) - loss(double{x} - kH, double{y});
    const double dy = loss(double{x}, double{y} + kH) - loss(double{x}, double{y} - kH);
    const double to_x = double{x} + (dx > 0 ? kEps : -kEps);
    const double to_y = double{y} + (dy > 0 ? kEps : -kEps);
    if (least(to_x, to_y) == label) ++n_right;
  }
  const auto found = attack_by_signs(wells, {.n_classes = 4, .weights = weights}, rows, labels,
                                     {.eps = {kEps}, .temperature = kTemperature, .n_threads = 2});
  EXPECT_GT(n_right, 20);
  EXPECT_LT(n_right, 400);
  EXPECT_DOUBLE_EQ(found[0].fgsm, static_cast<double>(n_right) / kItems);
}

TEST(SignAttackTest, AgreesWithTheGradientOfTheCrossEntropyInDoublePrecision) {
  expect_gradient_of_cross_entropy({});
}

TEST(SignAttackTest, SoItDoesWithWeightsOfClasses) {
  expect_gradient_of_cross_entropy({0.5f, 1.25f, 2.0f, 0.75f});
}

TEST(SignAttackTest, OfSeveralRestsTheMeanIsAttacked) {
  const std::vector<float> rows{-0.1f, 5, -0.3f, 0, 0.5f, -3, 0.7f, 0};
  const std::vector<std::int32_t> labels{0, 0, 1, 1};
  const LabelledWells wells({{1.0f, -1.0f, 0.0f}, {1.0f, 1.0f, 0.0f}}, /*has_factor=*/true);
  // By the factor −1 alone the other class would be right; the mean has the factor 1.
  const auto found = attack_by_signs(wells, {.n_classes = 2, .conditions = {{-1.0f}, {3.0f}}}, rows,
                                     labels, {.eps = {0.0, 0.2, 0.4, 0.8}});
  EXPECT_DOUBLE_EQ(found[0].fgsm, 1.0);
  EXPECT_DOUBLE_EQ(found[1].fgsm, 0.75);
  EXPECT_DOUBLE_EQ(found[2].fgsm, 0.5);
  EXPECT_DOUBLE_EQ(found[3].fgsm, 0.0);
  // So has the sum with weights, whose equal shares have the factor −1.
  const auto weighted = attack_by_signs(
      wells, {.n_classes = 2, .conditions = {{-3.0f}, {1.0f}}, .weights = {1.0f, 1.0f, 4.0f, 4.0f}},
      rows, labels, {.eps = {0.0, 0.2, 0.4, 0.8}});
  EXPECT_DOUBLE_EQ(weighted[0].fgsm, 1.0);
  EXPECT_DOUBLE_EQ(weighted[1].fgsm, 0.75);
  EXPECT_DOUBLE_EQ(weighted[2].fgsm, 0.5);
  EXPECT_DOUBLE_EQ(weighted[3].fgsm, 0.0);
}

TEST(SignAttackTest, WhatCannotBeAttackedIsRefused) {
  const std::vector<float> rows{0, 0};
  const std::vector<std::int32_t> labels{0};
  nets::expect_error(ErrorCode::kUsage, "classes = 1", [&] {
    attack_by_signs(kWells, {.n_classes = 1}, rows, labels, {.eps = {0.1}});
  });
  nets::expect_error(ErrorCode::kUsage, "eps = -0.1", [&] {
    attack_by_signs(kWells, {.n_classes = 2}, rows, labels, {.eps = {-0.1}});
  });
}

}  // namespace
}  // namespace ebm::evaluation
