#include "samplers/energies/mixture_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "base/error.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/energies/observation.h"
#include "samplers/energies/uniform_box.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::samplers {
namespace {

std::shared_ptr<const Energy> normal_at(std::vector<float> mean, float sd = 1.0f) {
  std::vector<float> sds(mean.size(), sd);
  return std::make_shared<DiagonalGaussian>(std::move(mean), std::move(sds));
}

TEST(MixtureEnergyTest, EqualsTheGaussianMixtureUpToItsNormaliser) {
  const MixtureEnergy mixture(
      {{normal_at({-1.0f, 0.5f}, 0.5f), 0.25f}, {normal_at({1.0f, 0.0f}, 0.5f), 0.75f}});
  const GaussianMixture exact(2, {-1.0f, 0.5f, 1.0f, 0.0f}, {0.25f, 0.75f}, 0.5f);
  std::vector<float> rows;
  for (int i = 0; i < 50; ++i) {
    rows.push_back(-2.0f + 0.08f * static_cast<float>(i));
    rows.push_back(std::sin(static_cast<float>(i)));
  }
  const RowValues found = evaluate_rows(mixture, rows), right = evaluate_rows(exact, rows);
  const double log_z = 2 * std::log(0.5 * std::sqrt(2 * M_PI));
  EXPECT_NEAR(*mixture.log_z(), log_z, 1e-6);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_NEAR(found.energy[i], right.energy[i] - log_z, 1e-5);
  }
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_NEAR(found.energy_grad[i], right.energy_grad[i], 2e-5);
  }
}

// E_i/T of some 1e6 and differences of thousands: exp() of any of them is 0 or infinite.
TEST(MixtureEnergyTest, IsExactWhereExponentialsAreNot) {
  const float t = 1e-6f;
  const MixtureEnergy mixture({{normal_at({0.0f}), 0.5f}, {normal_at({2.0f}), 1.5f}}, t);
  const std::vector<float> rows{0.5f, 0.9375f, 1.0625f, 1.75f};
  const RowValues found = evaluate_rows(mixture, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double x = rows[i], off = x < 1 ? x : x - 2;
    EXPECT_NEAR(found.energy[i], 0.5 * off * off - t * std::log(x < 1 ? 0.5 : 1.5), 1e-7);
    EXPECT_NEAR(found.energy_grad[i], off, 1e-7);
  }
  // In the middle the shares are those of the weights.
  const RowValues middle = evaluate_rows(mixture, {1.0f});
  EXPECT_NEAR(middle.energy[0], 0.5 - t * std::log(2.0), 1e-7);
  EXPECT_NEAR(middle.energy_grad[0], (0.5 * 1 - 1.5 * 1) / 2, 1e-6);
}

TEST(MixtureEnergyTest, OrderDoesNotMatter) {
  const std::vector<EnergyTerm> terms{
      {normal_at({-3.0f}), 1.0f}, {normal_at({0.0f}, 0.5f), 2.0f}, {normal_at({3.0f}), 0.5f}};
  const std::vector<EnergyTerm> turned{terms[2], terms[0], terms[1]};
  std::vector<float> rows;
  for (int i = -40; i <= 40; ++i) rows.push_back(0.125f * static_cast<float>(i));
  const RowValues a = evaluate_rows(MixtureEnergy(terms), rows);
  const RowValues b = evaluate_rows(MixtureEnergy(turned), rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(a.energy[i], b.energy[i], 1e-6);
    EXPECT_NEAR(a.energy_grad[i], b.energy_grad[i], 2e-6);
  }
}

TEST(MixtureEnergyTest, ATermOfDensityZeroAddsNothing) {
  const auto wall = std::make_shared<UniformBox>(1, 5.0f, 6.0f);  // infinite at 0.5
  for (const bool wall_first : {true, false}) {
    std::vector<EnergyTerm> terms{{normal_at({0.0f}), 1.0f}};
    terms.insert(wall_first ? terms.begin() : terms.end(), {wall, 1.0f});
    const RowValues found = evaluate_rows(MixtureEnergy(terms), {0.5f});
    EXPECT_NEAR(found.energy[0], 0.125, 1e-7);
    EXPECT_NEAR(found.energy_grad[0], 0.5, 1e-7);
  }
  const RowValues none = evaluate_rows(MixtureEnergy({{wall, 1.0f}, {wall, 2.0f}}), {0.5f});
  EXPECT_EQ(none.energy[0], std::numeric_limits<float>::infinity());
}

TEST(MixtureEnergyTest, LogZIsThatOfTheWeightedNormalisers) {
  const auto a = normal_at({0.0f}, 0.5f), b = normal_at({1.0f}, 2.0f);
  const double root = std::sqrt(2 * M_PI);
  EXPECT_NEAR(*MixtureEnergy({{a, 3.0f}, {b, 0.25f}}).log_z(),
              std::log(3 * 0.5 * root + 0.25 * 2 * root), 1e-9);
  EXPECT_FALSE(MixtureEnergy({{a, 3.0f}, {b, 0.25f}}, 2.0f).log_z());
}

TEST(MixtureEnergyTest, GivesTheContextToTheTermsThatHaveOne) {
  const auto observed = std::make_shared<Observation>(1, 1.0f);
  const auto mixture = std::make_shared<MixtureEnergy>(
      std::vector<EnergyTerm>{{normal_at({0.0f}), 1.0f}, {observed, 1.0f}});
  EXPECT_EQ(mixture->context_dim(), 1);
  const RowValues found = evaluate_rows(ConditionalEnergy(mixture, {3.0f}), {1.0f});
  EXPECT_NEAR(found.energy[0], -std::log(std::exp(-0.5) + std::exp(-2.0)), 1e-6);
}

TEST(MixtureEnergyTest, RefusesWhatDoesNotFit) {
  const auto well = std::make_shared<DoubleWell>(1);
  EXPECT_THROW(MixtureEnergy({}), Error);
  EXPECT_THROW(MixtureEnergy({{well, 1.0f}, {nullptr, 1.0f}}), Error);
  EXPECT_THROW(MixtureEnergy({{well, 1.0f}, {well, 0.0f}}), Error);
  EXPECT_THROW(MixtureEnergy({{well, -1.0f}}), Error);
  EXPECT_THROW(MixtureEnergy({{well, 1.0f}}, 0.0f), Error);
  EXPECT_THROW(MixtureEnergy({{well, 1.0f}, {std::make_shared<DoubleWell>(2), 1.0f}}), Error);
}

}  // namespace
}  // namespace ebm::samplers
