#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/grid_distribution.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/kolmogorov.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kBoxDim = 2, kBoxChains = 15000;
// Independent coordinates, 30,000 of them: a distance of 0.0113 has p = 1e-3, one of 0.0156 1e-6.

/// Slope and curvature of E = a·x + ½k·x², the walls, and a low end where the density begins.
struct Walled {
  float slope, curvature;
  Box box;
  double low, high;

  double energy(double x) const { return x * (double{slope} + 0.5 * double{curvature} * x); }
  GridDistribution distribution() const {
    return {low, high, [this](double x) { return -energy(x); }};
  }
};

double p_of_ends(const Kernel& kernel, const Walled& target, std::int64_t n_steps,
                 const std::vector<float>& starts) {
  const CoordinateEnergy energy(
      kBoxDim, [&](float x) { return static_cast<float>(target.energy(x)); },
      [&](float x) { return target.slope + target.curvature * x; });
  std::vector<float> rows = starts;
  ChainStore chains(kBoxChains, kBoxDim);
  chains.load_rows(rows);
  const RunInfo run = run_chains(energy, kernel, chains, {.n_steps = n_steps, .key = {.seed = 31}});
  // Walls cost acceptance, as a bounce is none of leapfrog's; a chain that never moves says
  // nothing.
  if (!run.chains.empty()) {
    EXPECT_GT(run.total().acceptance(), 0.1);
  }
  chains.store_rows(rows);
  const GridDistribution exact = target.distribution();
  return kolmogorov_p(rows, [&](double x) { return exact.cdf(x); });
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
const Walled kTruncated{0.0f, 1.0f, {-0.5f, 1.25f}, -0.5, 1.25};
const Walled kHalf{0.0f, 1.0f, {0.25f, kInfinity}, 0.25, 9};
// A density that falls to a third over a box that a step of h = 0.4 crosses two or three times.
const Walled kNarrow{8.0f, 0.0f, {-0.0625f, 0.09375f}, -0.0625, 0.09375};
const Walled kFlat{0.0f, 0.0f, {-0.5f, 1.0f}, -0.5, 1.0};

Hmc hmc(const Walled& target, float step_size) {
  return Hmc(
      {.step_size = step_size, .n_leapfrog = 4, .inverse_mass = {1.0f, 0.5f}, .box = target.box});
}
Mala mala(const Walled& target, float step_size) {
  return Mala({.step_size = step_size, .preconditioner = {1.0f, 0.5f}, .box = target.box});
}

TEST(BoxStatisticsTest, HmcAndMalaSampleWhatTheWallsCutOff) {
  for (const Walled& target : {kTruncated, kHalf, kNarrow}) {
    const bool is_narrow = target.slope != 0.0f;
    const std::vector<float> exact = target.distribution().draws(kBoxChains * kBoxDim, 3);
    // From exact draws, and from one point, far enough that it is forgotten.
    const std::vector<float> point(kBoxChains * kBoxDim, 0.25f * static_cast<float>(!is_narrow));
    for (const auto& [starts, n_steps] : {std::pair(exact, 4), std::pair(point, 150)}) {
      const double p_hmc = p_of_ends(hmc(target, is_narrow ? 0.4f : 0.5f), target, n_steps, starts);
      const double p_mala =
          p_of_ends(mala(target, is_narrow ? 0.08f : 0.3f), target, n_steps, starts);
      EXPECT_GT(p_hmc, 1e-3) << "hmc from " << target.low;
      EXPECT_GT(p_mala, 1e-3) << "mala from " << target.low;
      std::printf("walls %g: hmc p %.3f, mala p %.3f\n", target.low, p_hmc, p_mala);
    }
  }
}

TEST(BoxStatisticsTest, AConstantEnergyBecomesUniform) {
  const std::vector<float> corner(kBoxChains * kBoxDim, -0.4f);
  const double p_hmc = p_of_ends(hmc(kFlat, 0.5f), kFlat, 60, corner);
  const double p_mala = p_of_ends(mala(kFlat, 0.3f), kFlat, 60, corner);
  EXPECT_GT(p_hmc, 1e-3);
  EXPECT_GT(p_mala, 1e-3);
  // Free flights are exact, so BAOAB has no bias here.
  const Underdamped free({.step_size = 0.7f, .box = kFlat.box});
  const double p_baoab = p_of_ends(free, kFlat, 60, corner);
  EXPECT_GT(p_baoab, 1e-3);
  std::printf("flat: hmc p %.3f, mala p %.3f, baoab p %.3f\n", p_hmc, p_mala, p_baoab);
}

TEST(BoxStatisticsTest, UlaThatReflectsIsUniformAndUlaThatClampsIsNot) {
  const std::vector<float> corner(kBoxChains * kBoxDim, -0.4f);
  LangevinOptions options = langevin_at(0.05f, 1.0f);
  options.box = kFlat.box;
  EXPECT_LT(p_of_ends(Langevin(options), kFlat, 60, corner), 1e-6);
  options.box_rule = BoxRule::kReflect;
  EXPECT_GT(p_of_ends(Langevin(options), kFlat, 60, corner), 1e-3);
}

}  // namespace
}  // namespace ebm::samplers
