#include "gan/equilibrium.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "base/error.h"
#include "base/philox.h"

namespace ebm::gan {
namespace {

void expect_eigenvalues(const DiracSystem& system, std::int64_t dim,
                        const std::vector<std::complex<double>>& expected) {
  const Equilibrium found = analyse_equilibrium(system, dim);
  ASSERT_EQ(found.eigenvalues.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(std::abs(found.eigenvalues[i] - expected[i]), 0.0, 2e-8)
        << base::name_of("system", kDiracKinds, system.kind) << " " << i;
  }
}

TEST(EquilibriumTest, OfNonSaturatingGanIsACentre) {
  expect_eigenvalues(dirac_system(DiracKind::kNonSaturating, {}), 1, {{0.0, 0.5}, {0.0, -0.5}});
  EXPECT_NEAR(
      analyse_equilibrium(dirac_system(DiracKind::kNonSaturating, {}), 2).greatest_real_part, 0.0,
      1e-9);
  // Twice in the plane, where rounding of the real parts decides the order.
  auto twice = analyse_equilibrium(dirac_system(DiracKind::kNonSaturating, {}), 2).eigenvalues;
  std::sort(twice.begin(), twice.end(),
            [](const auto& a, const auto& b) { return a.imag() > b.imag(); });
  ASSERT_EQ(twice.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(std::abs(twice[i] - std::complex<double>(0.0, i < 2 ? 0.5 : -0.5)), 0.0, 2e-8);
  }
}

TEST(EquilibriumTest, OfAPenaltyCentredAtZeroConverges) {
  const double omega = std::sqrt(1.0 - 0.01);
  expect_eigenvalues(dirac_system(DiracKind::kWgan, {.penalty = 0.1}), 1,
                     {{-0.1, omega}, {-0.1, -omega}});
  expect_eigenvalues(dirac_system(DiracKind::kWgan, {.penalty = 2.0}), 1,
                     {{-2.0 + std::sqrt(3.0), 0.0}, {-2.0 - std::sqrt(3.0), 0.0}});
}

TEST(EquilibriumTest, SpectralRadiusOfAStepIsItsClosedForm) {
  const auto radius = [](double gamma) {
    return spectral_radius_of_step(dirac_system(DiracKind::kMinimax, {.penalty = gamma / 2.0}), 1,
                                   0.2, Turns::kSimultaneous);
  };
  EXPECT_NEAR(radius(0.0), std::sqrt(1.01), 1e-9);
  EXPECT_NEAR(radius(0.0), 1.004988, 5e-7);
  EXPECT_NEAR(radius(0.3), 0.974679, 5e-7);
  // A double eigenvalue: the root of what its parts are wrong by.
  EXPECT_NEAR(radius(1.0), 0.9, 1e-5);
}

// [φ, θ] has the Jacobian [−(a + 2αv), −(1 − p); ρa, −ρp].
TEST(EquilibriumTest, OfAnEnergyWithABufferIsTheClosedForm) {
  const double p = 0.05, a = 0.5, rho = 0.3, alpha = 0.1, v = 2.0;
  const DiracSystem system = dirac_system(DiracKind::kEnergy, {.restart_probability = p,
                                                               .walk = a,
                                                               .refresh = rho,
                                                               .energy_l2 = alpha,
                                                               .chain_variance = v});
  const double trace = -(a + 2 * alpha * v) - rho * p;
  const double determinant = (a + 2 * alpha * v) * rho * p + (1 - p) * rho * a;
  const std::complex<double> root =
      std::sqrt(std::complex<double>(trace * trace / 4 - determinant));
  expect_eigenvalues(system, 1, {trace / 2 + root, trace / 2 - root});
}

// A real buffer: N chains, of which a batch is drawn, restarted or not, walked with noise, and put
// back. The mean of many such runs is the path of the system, as all of it is linear.
TEST(EquilibriumTest, ABufferOfChainsFollowsItsSystem) {
  constexpr int kChains = 64, kBatch = 8, kSteps = 60, kRuns = 4000;
  constexpr double kRate = 0.1, kWalk = 0.5, kNoise = 0.2, kRestart = 0.1;
  const DiracSystem system = dirac_system(
      DiracKind::kEnergy,
      {.restart_probability = kRestart, .walk = kWalk, .refresh = kBatch / (kChains * kRate)});
  const DiracPath path =
      take_steps(system, std::vector{0.5, 1.0}, kSteps, kRate, Turns::kSimultaneous);
  double sum = 0.0, squares = 0.0;
  for (int run = 0; run < kRuns; ++run) {
    std::uint32_t at = 0;
    const auto uniform = [&] {
      const auto words = base::philox({at++, static_cast<std::uint32_t>(run), 0, 0}, {7, 0});
      return (static_cast<double>(words[0]) + 0.5) / 4294967296.0;
    };
    std::vector<double> chains(kChains, 1.0);
    double phi = 0.5;
    for (int step = 0; step < kSteps; ++step) {
      double mean = 0.0;
      for (int b = 0; b < kBatch; ++b) {
        // A batch without replacement: one of each eighth of the chains.
        constexpr int kPart = kChains / kBatch;
        const int at_chain = b * kPart + static_cast<int>(uniform() * kPart);
        double& x = chains[static_cast<std::size_t>(at_chain)];
        if (uniform() < kRestart) x = 0.0;
        x += kWalk * phi + kNoise * (uniform() - 0.5);
        mean += x / kBatch;
      }
      phi -= kRate * mean;
    }
    sum += phi;
    squares += phi * phi;
  }
  const double mean = sum / kRuns;
  const double error = std::sqrt((squares / kRuns - mean * mean) / kRuns);
  EXPECT_NEAR(mean, path.states.back()[0], 5 * error);
  // Sharp enough to tell a walk that is longer by a tenth.
  const DiracSystem other =
      dirac_system(DiracKind::kEnergy, {.restart_probability = kRestart,
                                        .walk = kWalk * 1.1,
                                        .refresh = kBatch / (kChains * kRate)});
  const double wrong = take_steps(other, std::vector{0.5, 1.0}, kSteps, kRate, Turns::kSimultaneous)
                           .states.back()[0];
  EXPECT_GT(std::abs(mean - wrong), 5 * error);
}

TEST(EquilibriumTest, IsRefusedWhereThereIsNoDerivative) {
  try {
    analyse_equilibrium(dirac_system(DiracKind::kGanQp, {}), 2);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(),
                 "system = gan-qp: has no derivative at (0, 0), and so no eigenvalues");
  }
}

}  // namespace
}  // namespace ebm::gan
