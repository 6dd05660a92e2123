#include "samplers/parameters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "samplers/energies/double_well.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/funnel.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

using Names = std::vector<std::string>;

TEST(ParametersTest, CoordinatesAreX) {
  const Parameters parameters = parameters_of(DoubleWell(3));
  EXPECT_EQ(parameters.names(), (Names{"x[0]", "x[1]", "x[2]"}));
  const std::vector<float> states{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(parameters.of_states(states, 3), states);
  EXPECT_THROW(parameters.of_states(states, 4), Error);
}

TEST(ParametersTest, EightSchoolsHaveMeanSpreadAndEffects) {
  const Parameters parameters = EightSchools().parameters();
  EXPECT_EQ(parameters.names(), (Names{"mu", "tau", "theta[1]", "theta[2]", "theta[3]", "theta[4]",
                                       "theta[5]", "theta[6]", "theta[7]", "theta[8]"}));
  // Two states: μ = 1, τ = e^0.5, z_j = j; and μ = −2, τ = 1, z = 0.
  std::vector<float> states{1, 0.5f, 1, 2, 3, 4, 5, 6, 7, 8};
  states.insert(states.end(), {-2, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  const auto values = parameters.of_states(states, 10);
  ASSERT_EQ(values.size(), 20u);
  EXPECT_EQ(values[0], 1.0f);
  EXPECT_FLOAT_EQ(values[1], std::exp(0.5f));
  for (std::size_t j = 1; j <= 8; ++j) {
    EXPECT_FLOAT_EQ(values[1 + j], 1.0f + std::exp(0.5f) * static_cast<float>(j));
  }
  EXPECT_EQ(values[11], 1.0f);
  for (std::size_t i = 12; i < 20; ++i) EXPECT_EQ(values[i], -2.0f);
}

TEST(ParametersTest, AFunnelHasAWidthAndOthers) {
  EXPECT_EQ(Funnel(3).parameters().names(), (Names{"v", "x[1]", "x[2]"}));
}

TEST(ParametersTest, EnergiesMadeOfOthersHaveTheirNames) {
  const auto funnel = std::make_shared<Funnel>(2);
  EXPECT_EQ(parameters_of(TemperedEnergy(funnel, 2.0f)).names(), (Names{"v", "x[1]"}));
  EXPECT_EQ(parameters_of(SumEnergy({{funnel}, {std::make_shared<DoubleWell>(2)}})).names(),
            (Names{"v", "x[1]"}));
}

TEST(ParametersTest, AnArrayOfSeveralAxesHasOneIndex) {
  const Parameters parameters{.variables = {{.name = "w", .shape = {2, 2}}, {.name = "b"}}};
  EXPECT_EQ(parameters.size(), 5);
  EXPECT_EQ(parameters.names(), (Names{"w[0]", "w[1]", "w[2]", "w[3]", "b"}));
}

}  // namespace
}  // namespace ebm::samplers
