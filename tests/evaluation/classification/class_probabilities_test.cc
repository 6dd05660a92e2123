#include "evaluation/classification/class_probabilities.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace ebm::evaluation {
namespace {

const auto kLogThree = static_cast<float>(std::log(3.0));

TEST(ClassProbabilitiesTest, TheyAreTheSoftmaxOfNegativeEnergies) {
  // exp(−E) is 1/3 and 1: p = 1/4 and 3/4.
  const std::vector<float> energies{kLogThree, 0.0f};
  const ClassScores at_1 = class_scores(energies, 1.0);
  EXPECT_EQ(at_1.predicted, 1);
  EXPECT_NEAR(at_1.confidence, 0.75, 1e-7);
  EXPECT_NEAR(at_1.doubt, -std::log(3.0), 1e-7);
  EXPECT_NEAR(at_1.marginal, -std::log(4.0 / 3.0), 1e-7);
  const ClassScores at_2 = class_scores(energies, 2.0);
  EXPECT_NEAR(at_2.confidence, 1.0 / (1.0 + 1.0 / std::sqrt(3.0)), 1e-7);
  EXPECT_NEAR(at_2.marginal, -2.0 * std::log(1.0 + 1.0 / std::sqrt(3.0)), 1e-7);
  EXPECT_NEAR(cross_entropy(energies, 0, 1.0), std::log(4.0), 1e-7);
  EXPECT_NEAR(cross_entropy(energies, 1, 1.0), std::log(4.0 / 3.0), 1e-7);
  const auto p = class_probabilities(energies, 1.0);
  EXPECT_NEAR(p[0], 0.25, 1e-7);
  EXPECT_NEAR(p[1], 0.75, 1e-7);
}

TEST(ClassProbabilitiesTest, DoubtTellsConfidencesApartThatRoundToOne) {
  const std::vector<float> sure{5.0f, 4.0f, 6.0f}, surer{5.0f, 3.0f, 6.0f};
  const ClassScores one = class_scores(sure, 1e-6), other = class_scores(surer, 1e-6);
  EXPECT_EQ(one.confidence, 1.0);
  EXPECT_EQ(other.confidence, 1.0);
  EXPECT_NEAR(one.doubt, -1e6, 1.0);
  EXPECT_NEAR(other.doubt, -2e6, 1.0);
  EXPECT_NEAR(other.marginal, 3.0, 1e-9);
  EXPECT_EQ(class_scores(std::vector<float>{7.0f}, 1.0).doubt,
            -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(class_scores(std::vector<float>{7.0f}, 1.0).marginal, 7.0, 1e-12);
}

TEST(ClassProbabilitiesTest, TheFittedTemperatureGivesTheShareThatIsRight) {
  // The gap is 2 and three of four are right: p = 3/4 is best, where 2/T = ln 3.
  const std::vector<float> energies{0, 2, 0, 2, 0, 2, 0, 2};
  const std::vector<std::int32_t> labels{0, 0, 1, 0};
  const auto fitted = fitted_temperature(energies, 2, labels);
  ASSERT_TRUE(fitted.has_value());
  EXPECT_NEAR(*fitted, 2.0 / std::log(3.0), 1e-9);
  const auto mean = [&](double temperature) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
      sum += cross_entropy(std::span(energies).subspan(2 * i, 2), labels[i], temperature);
    }
    return sum / 4.0;
  };
  EXPECT_LT(mean(*fitted), mean(*fitted * 1.01));
  EXPECT_LT(mean(*fitted), mean(*fitted * 0.99));
}

TEST(ClassProbabilitiesTest, NoTemperatureIsBestWhereAllOrNoneAreRight) {
  const std::vector<float> energies{0, 2, 0, 2};
  EXPECT_FALSE(fitted_temperature(energies, 2, std::vector<std::int32_t>{0, 0}).has_value());
  EXPECT_FALSE(fitted_temperature(energies, 2, std::vector<std::int32_t>{1, 1}).has_value());
  EXPECT_FALSE(fitted_temperature(energies, 2, std::vector<std::int32_t>{0, 1}).has_value());
  EXPECT_FALSE(
      fitted_temperature(std::vector<float>{1, 1}, 2, std::vector<std::int32_t>{0}).has_value());
}

}  // namespace
}  // namespace ebm::evaluation
