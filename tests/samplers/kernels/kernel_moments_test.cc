#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"

namespace ebm::samplers {
namespace {

constexpr double kTemperature = 0.7;

/// Mean squares of each coordinate of x and of the momentum, if there is one, over all chains.
struct MeanSquares {
  std::vector<double> x, momentum;
};

MeanSquares mean_squares(const Kernel& kernel, float stiffness, std::int64_t dim,
                         std::int64_t n_chains, std::int64_t n_steps) {
  ChainStore chains(n_chains, dim);
  run_chains(quadratic(dim, stiffness), kernel, chains, {.n_steps = n_steps, .key = {.seed = 5}});
  const ChainBlocks all = chains.blocks(0, chains.n_blocks());
  MeanSquares found{std::vector<double>(static_cast<std::size_t>(dim)), {}};
  found.momentum = found.x;
  for (std::size_t i = 0; i < all.x.size(); ++i) {
    const std::size_t d = i / kLanes % static_cast<std::size_t>(dim);
    found.x[d] += double{all.x[i]} * all.x[i] / static_cast<double>(n_chains);
    if (all.momentum.empty()) continue;
    found.momentum[d] += double{all.momentum[i]} * all.momentum[i] / static_cast<double>(n_chains);
  }
  return found;
}

// Independent Gaussian draws: the standard error of a variance v from n is v·√(2/n).
constexpr std::int64_t kMomentChains = 16000;
const double kRelativeError = 5 * std::sqrt(2.0 / kMomentChains);

TEST(LangevinTest, PreconditionerEntersTheBiasOfTheVariance) {
  // x' = (1 − λpk)x + √(2λTp)·ξ: variance 2λTp/(1 − (1 − λpk)²) = T/(k(1 − λpk/2)).
  LangevinOptions options = langevin_at(0.2f, static_cast<float>(kTemperature));
  options.preconditioner = {0.25f, 1.0f, 3.0f};
  const MeanSquares found = mean_squares(Langevin(options), 1.5f, 3, kMomentChains, 200);
  for (std::size_t d = 0; d < 3; ++d) {
    const double v = kTemperature / (1.5 * (1 - 0.2 * double{options.preconditioner[d]} * 1.5 / 2));
    EXPECT_NEAR(found.x[d], v, v * kRelativeError) << d;
  }
}

TEST(UnderdampedTest, VariancesOnAHarmonicWellAreThoseOfTheSplitting) {
  // Before O the momentum has variance mT, x has (1 − h²ω²/4)·T/k: drift, kick, drift between two O
  // conserve kx² + (1 − h²ω²/4)p²/m. The last half drift and half kick make that T/k for x, exact,
  // and mT(1 − h²ω²/4) for p, with ω² = k/m.
  const float stiffness = 2.0f;
  for (const float friction : {0.5f, 3.0f}) {
    const UnderdampedOptions options{.step_size = 1.8f / std::sqrt(stiffness * 1.25f),
                                     .friction = friction,
                                     .temperature = static_cast<float>(kTemperature),
                                     .inverse_mass = {0.2f, 0.75f, 1.25f}};
    const MeanSquares found = mean_squares(Underdamped(options), stiffness, 3, kMomentChains, 250);
    for (std::size_t d = 0; d < 3; ++d) {
      const double inverse_mass = options.inverse_mass[d], h = options.step_size;
      const double lost = h * h * stiffness * inverse_mass / 4;
      const double x = kTemperature / stiffness, p = kTemperature / inverse_mass * (1 - lost);
      EXPECT_NEAR(found.x[d], x, x * kRelativeError) << d;
      EXPECT_NEAR(found.momentum[d], p, p * kRelativeError) << d;
    }
  }
}

TEST(UnderdampedTest, WithoutFrictionTheEnergyIsKept) {
  const Underdamped kernel({.step_size = 0.05f, .friction = 0.0f});
  ChainStore chains(16, 1);
  const std::vector<float> rows(16, 1.5f);
  chains.load_rows(rows);
  run_chains(quadratic(1, 1.0f), kernel, chains, {.n_steps = 2000});
  const ChainBlocks block = chains.blocks(0, 1);
  // The energy of a harmonic well swings by (hω)²/4 = 6e-4 of itself and does not drift.
  const double energy =
      0.5 * (double{block.x[0]} * block.x[0] + double{block.momentum[0]} * block.momentum[0]);
  EXPECT_NEAR(energy, 1.125, 1.125 * 1e-3);
  EXPECT_GT(std::abs(block.momentum[0]), 0.0f);
}

/// Averages over independent chains, with their standard error from the chains' own averages.
struct Average {
  std::string name;
  double exact;
  double (*of)(double x, double energy);
};

void expect_averages_of_the_double_well(const Kernel& kernel, const std::string& name) {
  constexpr std::int64_t kWells = 2048, kBurnIn = 300, kDraws = 400;
  const DoubleWell energy(1);
  ChainStore chains(kWells, 1);
  std::vector<float> rows(kWells), x(kDraws * kWells), e(kDraws * kWells);
  draw_initial_states({.seed = 6, .domain = base::Domain::kChainInit}, 0, 1, std::nullopt, rows);
  // Beyond |x| = 2.5 every proposal overshoots: a chain that starts there would stay for ages.
  for (float& start : rows) start *= 0.5f;
  chains.load_rows(rows);
  run_chains(energy, kernel, chains, {.n_steps = kBurnIn, .key = {.seed = 7}});
  run_chains(energy, kernel, chains,
             {.n_steps = kDraws,
              .first_step = kBurnIn,
              .key = {.seed = 7},
              .trace = {.x = x, .energy = e}});
  const Average averages[] = {
      {"x^2", 0.8521362, [](double v, double) { return v * v; }},
      {"x^4", 0.9771362, [](double v, double) { return v * v * v * v; }},
      {"E", 0.5457277, [](double, double u) { return u; }},
      {"|x|", 0.8680901, [](double v, double) { return std::abs(v); }},
      {"x E'", 1.0, [](double v, double) { return 8 * v * v * (v * v - 1); }},
      {"x", 0.0, [](double v, double) { return v; }}};
  for (const Average& average : averages) {
    double sum = 0, squares = 0;
    for (std::size_t chain = 0; chain < kWells; ++chain) {
      double own = 0;
      for (std::size_t draw = 0; draw < kDraws; ++draw) {
        const std::size_t i = draw * kWells + chain;
        own += average.of(x[i], e[i]) / double{kDraws};
      }
      sum += own;
      squares += own * own;
    }
    const double mean = sum / kWells;
    const double error = std::sqrt((squares / kWells - mean * mean) / (kWells - 1));
    EXPECT_LT(std::abs(mean - average.exact), 5 * error)
        << name << ": " << average.name << " is " << mean << " ± " << error;
    EXPECT_LT(error, average.exact == 0 ? 0.02 : 0.01 * average.exact) << "says too little";
    std::printf("%s %-4s %+.2f standard errors of %.5f\n", name.c_str(), average.name.c_str(),
                (mean - average.exact) / error, error);
  }
}

TEST(MalaTest, HasTheAveragesOfTheDoubleWell) {
  expect_averages_of_the_double_well(Mala({.step_size = 0.06f}), "mala");
}

TEST(HmcTest, HasTheAveragesOfTheDoubleWell) {
  expect_averages_of_the_double_well(Hmc({.step_size = 0.25f, .n_leapfrog = 5, .jitter = 0.6}),
                                     "hmc");
}

}  // namespace
}  // namespace ebm::samplers
