#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/grid_distribution.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/kolmogorov.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kInvarianceDim = 3, kInvarianceChains = 20000;
// Enough that a kernel of a target scaled by 1.1 has moved exact draws well over to it.
constexpr std::int64_t kInvarianceSteps = 12;

// The 60,000 coordinates that 20,000 chains end at are independent if the target is a product and
// invariant. A Gaussian scaled by 1.1 is sup|Φ(x) − Φ(x/1.1)| = 0.023 away: λ = 5.6 with all of it
// moved, λ = 4 (p = 2e-14) with three quarters.

/// E per coordinate, its gradient, and an interval that holds exp(−E/T).
struct Target {
  const char* name;
  double (*energy)(double x);
  double (*grad)(double x);
  double reach;
};

const Target kGaussian{"Gaussian", [](double x) { return 0.5 * x * x; }, [](double x) { return x; },
                       9};
const Target kDoubleWell{"double well", [](double x) { return 2 * (x * x - 1) * (x * x - 1); },
                         [](double x) { return 8 * x * (x * x - 1); }, 3.5};

/// The p-value of the ends of chains that start at exact draws of exp(−E/T) and walk on E(x/scale).
double p_of_ends(const Kernel& kernel, const Target& target, double temperature, double scale) {
  const GridDistribution exact(-target.reach, target.reach,
                               [&](double x) { return -target.energy(x) / temperature; });
  const CoordinateEnergy energy(
      kInvarianceDim, [&](float x) { return static_cast<float>(target.energy(x / scale)); },
      [&](float x) { return static_cast<float>(target.grad(x / scale) / scale); });
  std::vector<float> rows = exact.draws(kInvarianceChains * kInvarianceDim, 17);
  ChainStore chains(kInvarianceChains, kInvarianceDim);
  chains.load_rows(rows);
  run_chains(energy, kernel, chains, {.n_steps = kInvarianceSteps, .key = {.seed = 23}});
  chains.store_rows(rows);
  return kolmogorov_p(rows, [&](double x) { return exact.cdf(x); });
}

void expect_invariance(const Kernel& kernel, const Target& target, double temperature,
                       const std::string& name) {
  const double p = p_of_ends(kernel, target, temperature, 1.0);
  const double scaled = p_of_ends(kernel, target, temperature, 1.1);
  EXPECT_GT(p, 1e-3) << name << " on the " << target.name << " at T = " << temperature;
  EXPECT_LT(scaled, 1e-6) << name << " on the " << target.name << " at T = " << temperature;
  std::printf("%-24s %-12s T %.1f  p %.3f, scaled %.1e\n", name.c_str(), target.name, temperature,
              p, scaled);
}

TEST(InvarianceTest, MalaKeepsItsTarget) {
  for (const float t : {1.0f, 0.5f}) {
    expect_invariance(Mala({.step_size = 0.5f, .temperature = t}), kGaussian, t, "mala");
    expect_invariance(
        Mala({.step_size = 0.5f, .temperature = t, .preconditioner = {1.0f, 0.8f, 1.5f}}),
        kGaussian, t, "preconditioned mala");
    expect_invariance(Mala({.step_size = 0.06f, .temperature = t}), kDoubleWell, t, "mala");
    expect_invariance(
        Mala({.step_size = 0.05f, .temperature = t, .preconditioner = {1.0f, 0.7f, 1.8f}}),
        kDoubleWell, t, "preconditioned mala");
  }
}

TEST(InvarianceTest, HmcKeepsItsTarget) {
  const std::vector<float> inverse_mass{1.0f, 0.5f, 1.5f};
  for (const float t : {1.0f, 0.5f}) {
    for (const double jitter : {0.0, 0.8}) {
      const HmcOptions wide{.step_size = 0.8f, .n_leapfrog = 3, .jitter = jitter, .temperature = t};
      HmcOptions heavy = wide, narrow = wide;
      heavy.inverse_mass = inverse_mass;
      narrow.step_size = 0.25f;
      HmcOptions heavy_and_narrow = narrow;
      heavy_and_narrow.inverse_mass = inverse_mass;
      const std::string name = jitter == 0.0 ? "hmc" : "jittered hmc";
      expect_invariance(Hmc(wide), kGaussian, t, name);
      expect_invariance(Hmc(heavy), kGaussian, t, name + " with mass");
      expect_invariance(Hmc(narrow), kDoubleWell, t, name);
      expect_invariance(Hmc(heavy_and_narrow), kDoubleWell, t, name + " with mass");
    }
  }
}

TEST(InvarianceTest, NutsKeepsItsTarget) {
  for (const float t : {1.0f, 0.5f}) {
    for (const float step_size : {0.3f, 0.9f}) {
      expect_invariance(Nuts({.step_size = step_size, .temperature = t}), kGaussian, t, "nuts");
      expect_invariance(
          Nuts({.step_size = step_size, .temperature = t, .inverse_mass = {1.0f, 0.5f, 1.5f}}),
          kGaussian, t, "nuts with mass");
    }
    expect_invariance(Nuts({.step_size = 0.25f, .temperature = t}), kDoubleWell, t, "nuts");
    // Trajectories cut short by their greatest length.
    expect_invariance(Nuts({.step_size = 0.1f, .max_tree_depth = 2, .temperature = t}), kGaussian,
                      t, "nuts, cut short");
  }
}

TEST(InvarianceTest, ReplicaExchangeKeepsTheTargetOfEveryReplica) {
  constexpr float kHot = 2.5f;
  const std::vector<std::shared_ptr<const Kernel>> inner{
      std::make_shared<Mala>(MalaOptions{.step_size = 0.06f}),
      std::make_shared<Hmc>(HmcOptions{.step_size = 0.2f, .n_leapfrog = 3})};
  for (const auto& kernel : inner) {
    const ParallelTempering tempered(kernel, {.ladder = {1.0f, kHot}});
    for (const double scale : {1.0, 1.1}) {
      // Chains start at exact draws of their own temperatures.
      const auto exact = [](double t) {
        return GridDistribution(-kDoubleWell.reach, kDoubleWell.reach,
                                [t](double x) { return -kDoubleWell.energy(x) / t; });
      };
      const GridDistribution at[] = {exact(1.0), exact(kHot)};
      const std::vector<float> starts[] = {at[0].draws(kInvarianceChains * kInvarianceDim, 3),
                                           at[1].draws(kInvarianceChains * kInvarianceDim, 5)};
      std::vector<float> rows(2 * kInvarianceChains * kInvarianceDim);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t chain = i / kInvarianceDim;
        rows[i] = starts[chain % 2][chain / 2 * kInvarianceDim + i % kInvarianceDim];
      }
      ChainStore chains(2 * kInvarianceChains, kInvarianceDim);
      chains.load_rows(rows);
      const CoordinateEnergy energy(
          kInvarianceDim,
          [&](float x) { return static_cast<float>(kDoubleWell.energy(x / scale)); },
          [&](float x) { return static_cast<float>(kDoubleWell.grad(x / scale) / scale); });
      const RunInfo info =
          run_chains(energy, tempered, chains, {.n_steps = kInvarianceSteps, .key = {.seed = 23}});
      EXPECT_GT(info.total().n_swaps, kInvarianceChains);
      chains.store_rows(rows);
      for (const std::size_t replica : {0u, 1u}) {
        std::vector<float> ends;
        for (std::size_t i = 0; i < rows.size(); ++i) {
          if (i / kInvarianceDim % 2 == replica) ends.push_back(rows[i]);
        }
        const double p = kolmogorov_p(ends, [&](double x) { return at[replica].cdf(x); });
        std::printf("replica %zu at scale %.1f: p %.2e\n", replica, scale, p);
        if (scale == 1.0) {
          EXPECT_GT(p, 1e-3);
        } else {
          EXPECT_LT(p, 1e-6);
        }
      }
    }
  }
}

TEST(InvarianceTest, WithoutAnAcceptStepAChainLeavesItsTarget) {
  // The proposals of MALA, all accepted: variance 1/(1 − 0.25) = 4/3 instead of 1.
  EXPECT_LT(p_of_ends(Langevin(langevin_at(0.5f, 1.0f)), kGaussian, 1.0, 1.0), 1e-6);
  EXPECT_LT(p_of_ends(Langevin(langevin_at(0.03f, 1.0f)), kDoubleWell, 1.0, 1.0), 1e-6);
}

}  // namespace
}  // namespace ebm::samplers
