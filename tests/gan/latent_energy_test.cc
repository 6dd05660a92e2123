#include "gan/latent_energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/with_classes.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"
#include "tests/samplers/kolmogorov.h"

namespace ebm::gan {
namespace {
using samplers::ChainStore;

nets::Linear linear_to(std::int64_t n) { return {.out_features = n}; }

// G(z) = A·z + b and E_critic(x) = w·x + c, and so E(z) = ½‖z‖² + (Aᵀw)·z + constant: the Gaussian
// N(−Aᵀw, I).
constexpr std::int64_t kLatentDim = 2, kData = 3;
const std::vector<float> kA{0.5f, -1.0f, 0.25f, 0.75f, -0.5f, 1.5f};  // [kData, kLatentDim]
const std::vector<float> kW{0.4f, -0.8f, 0.6f};
const double kMean[kLatentDim] = {-(0.5 * 0.4 - 0.25 * 0.8 - 0.5 * 0.6),
                                  -(-1.0 * 0.4 - 0.75 * 0.8 + 1.5 * 0.6)};  // (0.3, 0.1)

WeightedNet linear_generator() {
  return {{.name = "g", .input = {kLatentDim, 1, 1}, .layers = {linear_to(kData)}},
          {kA, {0.1f, 0.2f, 0.3f}}};
}

WeightedNet linear_critic() {
  return {{.name = "d", .input = {kData, 1, 1}, .layers = {linear_to(1)}}, {kW, {0.7f}}};
}

TEST(LatentEnergyTest, IsThePriorAndTheCriticOfTheGenerator) {
  const auto energy = latent_energy(linear_generator(), linear_critic());
  ASSERT_EQ(energy->dim(), kLatentDim);
  ChainStore chains(1, kLatentDim);
  const std::vector<float> z{1.5f, -0.5f};
  chains.load_rows(z);
  samplers::evaluate_chains(*energy, chains, 1);
  const double x[kData] = {0.5 * 1.5 + 0.5 + 0.1, 0.25 * 1.5 - 0.375 + 0.2, -0.75 - 0.75 + 0.3};
  const double critic = 0.4 * x[0] - 0.8 * x[1] + 0.6 * x[2] + 0.7;
  EXPECT_NEAR(chains.blocks(0, 1).energy[0], 0.5 * (2.25 + 0.25) + critic, 1e-6);
}

/// The p-values of both coordinates of MALA's chains that start at exact draws, on critics whose
/// weights are scaled.
double least_p(float scale) {
  constexpr std::int64_t kChains = 30000;
  WeightedNet critic = linear_critic();
  for (float& w : critic.weights[0]) w *= scale;
  const auto energy = latent_energy(linear_generator(), critic);
  ChainStore chains(kChains, kLatentDim);
  std::vector<float> rows;
  for (std::int64_t i = 0; i < kChains; ++i) {
    base::RandomStream random({.seed = 5, .domain = base::Domain::kChainInit},
                              static_cast<std::uint64_t>(i));
    for (const double mean : kMean) rows.push_back(static_cast<float>(mean + random.next_normal()));
  }
  chains.load_rows(rows);
  samplers::run_chains(*energy, samplers::Mala({.step_size = 0.4f}), chains,
                       {.n_steps = 8, .key = {.seed = 6}});
  chains.store_rows(rows);
  double p = 1.0;
  for (std::size_t k = 0; k < kLatentDim; ++k) {
    std::vector<float> draws;
    for (std::size_t i = k; i < rows.size(); i += kLatentDim) draws.push_back(rows[i]);
    p = std::min(p, samplers::kolmogorov_p(draws, [&](double z) {
                   return 0.5 * std::erfc(-(z - kMean[k]) / std::sqrt(2.0));
                 }));
  }
  return p;
}

TEST(LatentEnergyTest, MalaKeepsTheExactLatentDensity) {
  EXPECT_GT(least_p(1.0f), 1e-3);
  // A mean that is a tenth off: 0.03·0.4 = 0.012 in the distribution function, of 30,000 draws.
  EXPECT_LT(least_p(1.25f), 1e-6);
  EXPECT_LT(least_p(0.75f), 1e-6);
}

TEST(LatentEnergyTest, OfAModulatedGeneratorHasItsGradient) {
  const nets::Architecture generator = nets::generator_preset("selfmod28", 6, {1, 28, 28});
  const nets::Architecture critic{
      .name = "d", .input = {1, 28, 28}, .layers = {nets::Flatten{}, linear_to(1)}};
  const auto weights = [](const nets::Architecture& net) {
    nets::LayerWeights result;
    for (const nets::Parameter& each : nets::parameters(net)) {
      base::RandomStream random({.seed = 9, .domain = base::Domain::kWeights}, result.size());
      std::vector<float> values;
      for (std::int64_t i = 0; i < each.size(); ++i) {
        const double normal = random.next_normal();
        values.push_back(static_cast<float>(each.kind == nets::ParameterKind::kVariance
                                                ? 0.5 + normal * normal
                                                : normal / std::sqrt(each.fan_in)));
      }
      result.push_back(std::move(values));
    }
    return result;
  };
  const auto energy = latent_energy({generator, weights(generator)}, {critic, weights(critic)});
  const auto evaluate = [&](const std::vector<float>& z, std::vector<double>* grad) {
    ChainStore chains(1, 6);
    chains.load_rows(z);
    samplers::evaluate_chains(*energy, chains, 1);
    const auto block = chains.blocks(0, 1);
    if (grad != nullptr) {
      for (std::int64_t d = 0; d < 6; ++d) {
        grad->push_back(block.energy_grad[static_cast<std::size_t>(d * samplers::kLanes)]);
      }
    }
    return double{block.energy[0]};
  };
  const std::vector<float> z{0.3f, -0.7f, 1.1f, 0.2f, -1.3f, 0.6f};
  std::vector<double> grad;
  evaluate(z, &grad);
  for (std::size_t d = 0; d < z.size(); ++d) {
    std::vector<float> above = z, below = z;
    above[d] += 2e-3f;
    below[d] -= 2e-3f;
    const double slope = (evaluate(above, nullptr) - evaluate(below, nullptr)) /
                         (double{above[d]} - double{below[d]});
    EXPECT_NEAR(grad[d], slope, 0.02 * (1.0 + std::abs(slope))) << d;
  }
}

TEST(LatentEnergyTest, NetworksThatDoNotFitAreRefused) {
  WeightedNet critic = linear_critic();
  critic.architecture.input = {4, 1, 1};
  try {
    latent_energy(linear_generator(), critic);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
    EXPECT_STREQ(error.what(), "the generator makes 3x1x1; the critic takes 4x1x1");
  }
  critic = linear_critic();
  critic.architecture = nets::with_classes(critic.architecture, 3, nets::ClassCondition::kLogits);
  EXPECT_THROW(latent_energy(linear_generator(), critic), Error);
}

}  // namespace
}  // namespace ebm::gan
