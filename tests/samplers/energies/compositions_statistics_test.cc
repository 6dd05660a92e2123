// Sums, differences and mixtures of Gaussians, whose moments are known, by samplers with an accept
// step.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "samplers/diagnostics/draws.h"
#include "samplers/diagnostics/monte_carlo_error.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/mixture_energy.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kCompositionChains = 64, kCompositionDraws = 4000, kCompositionBurnIn = 500;

/// N(mean, sd²) of one coordinate.
struct Normal {
  double mean, sd;
  std::shared_ptr<const Energy> energy() const {
    return std::make_shared<DiagonalGaussian>(std::vector{static_cast<float>(mean)},
                                              std::vector{static_cast<float>(sd)});
  }
  double precision() const { return 1.0 / (sd * sd); }
};
const Normal kA{-0.75, 1.25}, kB{1.5, 0.625};

/// E[x] and E[(x − 1)²], which tells means of opposite sign apart.
struct TwoMoments {
  double first, second;
};
TwoMoments moments_of(const Normal& normal) {
  const double off = normal.mean - 1.0;
  return {normal.mean, off * off + normal.sd * normal.sd};
}

/// The normal whose energy is p·E_a + q·E_b: N((a·p/s² + b·q/t²)·v, v), 1/v = p/s² + q/t².
Normal weighted_product(double p, double q) {
  const double precision = p * kA.precision() + q * kB.precision();
  return {(p * kA.mean * kA.precision() + q * kB.mean * kB.precision()) / precision,
          1.0 / std::sqrt(precision)};
}

/// Of the density p·exp(−E_a/T) + q·exp(−E_b/T): its normals have sd·√T, and their shares are
/// those of p and q times the normalisers.
TwoMoments mixture(double p, double q, double t, bool with_normalisers = true) {
  const double root = std::sqrt(t);
  const double a = p * (with_normalisers ? kA.sd : 1.0), b = q * (with_normalisers ? kB.sd : 1.0);
  const TwoMoments of_a = moments_of({kA.mean, kA.sd * root});
  const TwoMoments of_b = moments_of({kB.mean, kB.sd * root});
  return {(a * of_a.first + b * of_b.first) / (a + b),
          (a * of_a.second + b * of_b.second) / (a + b)};
}

void expect_moment(const std::string& name, const std::vector<float>& x, double right, double wrong,
                   const std::function<double(double)>& f) {
  Draws draws{std::vector<double>(x.size()), kCompositionDraws, kCompositionChains};
  double mean = 0.0;
  for (std::int64_t c = 0; c < kCompositionChains; ++c) {
    for (std::int64_t i = 0; i < kCompositionDraws; ++i) {
      const double value = f(double{x[static_cast<std::size_t>(i * kCompositionChains + c)]});
      draws.values[static_cast<std::size_t>(c * kCompositionDraws + i)] = value;
      mean += value / static_cast<double>(x.size());
    }
  }
  const double error = mcse_mean(draws.view());
  std::printf("%-28s %9.5f, exactly %9.5f: %+5.2f standard errors; of another factor %+6.1f\n",
              name.c_str(), mean, right, (mean - right) / error, (mean - wrong) / error);
  EXPECT_LT(std::abs(mean - right), 5 * error) << name;
  EXPECT_GT(std::abs(mean - wrong), 5 * error) << name;
}

/// @param wrong  moments that the test has to tell from the right ones
/// @param t      temperature of the kernels
void expect_moments(const std::string& name, const Energy& energy, const TwoMoments& right,
                    const TwoMoments& wrong, float t = 1.0f) {
  const Mala mala({.step_size = 0.3f, .temperature = t});
  const Hmc hmc({.step_size = 0.25f, .n_leapfrog = 6, .temperature = t});
  for (const Kernel* kernel :
       {static_cast<const Kernel*>(&mala), static_cast<const Kernel*>(&hmc)}) {
    ChainStore chains(kCompositionChains, 1);
    run_chains(energy, *kernel, chains,
               {.n_steps = kCompositionBurnIn, .key = {.seed = 5}, .n_threads = 2});
    std::vector<float> x(static_cast<std::size_t>(kCompositionChains * kCompositionDraws));
    run_chains(energy, *kernel, chains,
               {.n_steps = kCompositionDraws,
                .first_step = kCompositionBurnIn,
                .key = {.seed = 5},
                .n_threads = 2,
                .trace = {.x = x}});
    const std::string with = name + (kernel == &mala ? ", mala" : ", hmc");
    expect_moment(with + " E[x]", x, right.first, wrong.first, [](double v) { return v; });
    expect_moment(with + " E[(x-1)²]", x, right.second, wrong.second,
                  [](double v) { return (v - 1) * (v - 1); });
  }
}

TEST(CompositionsTest, TheProductOfGaussians) {
  const SumEnergy product({{kA.energy(), 1.0f}, {kB.energy(), 1.0f}});
  expect_moments("product", product, moments_of(weighted_product(1, 1)),
                 moments_of(weighted_product(1, 1.2)));
}

TEST(CompositionsTest, TheNegationOfAGaussian) {
  const SumEnergy difference({{kB.energy(), 1.0f}, {kA.energy(), -0.7f}});
  expect_moments("negation", difference, moments_of(weighted_product(-0.7, 1)),
                 moments_of(weighted_product(-0.6, 1)));
}

TEST(CompositionsTest, TheTemperedProduct) {
  const auto product = std::make_shared<SumEnergy>(
      std::vector<EnergyTerm>{{kA.energy(), 1.0f}, {kB.energy(), 1.0f}});
  const auto at = [](double t) {
    const Normal one = weighted_product(1, 1);
    return moments_of({one.mean * (t == 2.0 ? 1.0 : 1.1), one.sd * std::sqrt(t)});
  };
  expect_moments("tempered product", TemperedEnergy(product, 2.0f), at(2.0), at(2.2));
}

TEST(CompositionsTest, TheMixtureOfGaussiansHasTheSharesOfTheirNormalisers) {
  const MixtureEnergy both({{kA.energy(), 0.3f}, {kB.energy(), 0.7f}});
  expect_moments("mixture", both, mixture(0.3, 0.7, 1.0), mixture(0.3, 0.7, 1.0, false));
}

TEST(CompositionsTest, TheMixtureAtItsTemperature) {
  const MixtureEnergy both({{kA.energy(), 0.3f}, {kB.energy(), 0.7f}}, 0.5f);
  expect_moments("mixture at 0.5", both, mixture(0.3, 0.7, 0.5), mixture(0.4, 0.6, 0.5), 0.5f);
}

TEST(CompositionsTest, AMixtureInAProduct) {
  // (p·N_a + q·N_b)·N_a: shares p·Z_aa and q·Z_ab of the products' normalisers.
  const auto both = std::make_shared<MixtureEnergy>(
      std::vector<EnergyTerm>{{kA.energy(), 0.3f}, {kB.energy(), 0.7f}});
  const SumEnergy product({{both, 1.0f}, {kA.energy(), 1.0f}});
  const Normal aa{kA.mean, kA.sd / std::numbers::sqrt2}, ab = weighted_product(1, 1);
  const double gap = kA.mean - kB.mean;
  const double z_ab = ab.sd * std::exp(-0.5 * gap * gap / (kA.sd * kA.sd + kB.sd * kB.sd));
  const auto with = [&](double p, double q) {
    const double a = p * aa.sd, b = q * z_ab;
    return TwoMoments{(a * moments_of(aa).first + b * moments_of(ab).first) / (a + b),
                      (a * moments_of(aa).second + b * moments_of(ab).second) / (a + b)};
  };
  expect_moments("mixture in a product", product, with(0.3, 0.7), with(0.4, 0.6));
}

}  // namespace
}  // namespace ebm::samplers
