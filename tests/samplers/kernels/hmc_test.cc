#include "samplers/kernels/hmc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/reference_chain.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

using Point = std::vector<double>;

constexpr std::int64_t kHmcDim = 3, kHmcChains = 37, kHmcSteps = 6;
constexpr double kStiffness = 1.7;

/// What a transition proposes, and the logarithm of its acceptance ratio.
struct Proposal {
  Point x;
  double log_ratio;
};

double potential(const Point& x) {
  double sum = 0;
  for (const double v : x) sum += 0.5 * kStiffness * v * v;
  return sum;
}

Proposal leapfrog(const Point& start, const Point& normals, double temperature,
                  const HmcOptions& options) {
  Point x = start, p(x.size());
  const auto kinetic = [&] {
    double sum = 0;
    for (std::size_t d = 0; d < p.size(); ++d) sum += 0.5 * p[d] * p[d] * options.inverse_mass[d];
    return sum;
  };
  for (std::size_t d = 0; d < p.size(); ++d) {
    p[d] = normals[d] * std::sqrt(temperature / options.inverse_mass[d]);
  }
  const double before = potential(x) + kinetic(), h = options.step_size;
  for (std::int64_t i = 0; i < options.n_leapfrog; ++i) {
    for (std::size_t d = 0; d < p.size(); ++d) {
      p[d] -= 0.5 * h * kStiffness * x[d];
      x[d] += h * options.inverse_mass[d] * p[d];
      p[d] -= 0.5 * h * kStiffness * x[d];
    }
  }
  const double after = potential(x) + kinetic();
  return {x, -(after - before) / temperature};
}

/// By the textbook: the densities of the target and of the proposals, no momentum anywhere.
Proposal langevin_proposal(const Point& start, const Point& normals, double temperature,
                           const MalaOptions& options) {
  const double step = options.step_size;
  Point x = start;
  for (std::size_t d = 0; d < x.size(); ++d) {
    const double p = options.preconditioner[d];
    x[d] += -step * p * kStiffness * start[d] + std::sqrt(2 * step * temperature * p) * normals[d];
  }
  const auto log_q = [&](const Point& to, const Point& from) {
    double sum = 0;
    for (std::size_t d = 0; d < to.size(); ++d) {
      const double p = options.preconditioner[d];
      const double miss = to[d] - from[d] + step * p * kStiffness * from[d];
      sum -= miss * miss / (4 * step * temperature * p);
    }
    return sum;
  };
  return {x, -(potential(x) - potential(start)) / temperature + log_q(start, x) - log_q(x, start)};
}

/// Follows every chain in double precision and expects the kernel to go where it goes.
template <class Propose>
void expect_chains_of(const Kernel& kernel, float temperature, const Propose& propose) {
  const CoordinateEnergy energy = quadratic(kHmcDim, static_cast<float>(kStiffness));
  ChainStore chains(kHmcChains, kHmcDim);
  std::vector<float> rows(kHmcChains * kHmcDim), factors(kHmcChains),
      trace(kHmcSteps * kHmcChains * kHmcDim);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::sin(static_cast<float>(i));
  for (std::size_t i = 0; i < factors.size(); ++i) factors[i] = i % 2 == 0 ? 1.0f : 0.6f;
  chains.load_rows(rows);
  chains.set_temperature(factors);
  const base::RandomKey key{.seed = 21};
  constexpr std::uint64_t kFirstStep = 5;
  const RunInfo run = run_chains(
      energy, kernel, chains,
      {.n_steps = kHmcSteps, .first_step = kFirstStep, .key = key, .trace = {.x = trace}});
  std::int64_t n_accepted = 0;
  for (std::size_t chain = 0; chain < kHmcChains; ++chain) {
    Point x(rows.begin() + static_cast<std::ptrdiff_t>(chain * kHmcDim),
            rows.begin() + static_cast<std::ptrdiff_t>((chain + 1) * kHmcDim));
    double chances = 0;
    std::int64_t accepted = 0;
    for (std::uint64_t step = 0; step < kHmcSteps; ++step) {
      const auto z = normals_of_step(key, chain, kFirstStep + step, kHmcDim);
      const double u = uniform_of_step(key, chain, kFirstStep + step);
      const Proposal proposal = propose(x, z, double{temperature} * factors[chain]);
      const double chance = std::min(1.0, std::exp(proposal.log_ratio));
      ASSERT_GT(std::abs(u - chance), 1e-6) << "rounding decides: take another seed";
      chances += chance;
      if (u < chance) {
        x = proposal.x;
        ++accepted;
      }
      for (std::size_t d = 0; d < kHmcDim; ++d) {
        ASSERT_NEAR(trace[(step * kHmcChains + chain) * kHmcDim + d], x[d], 1e-5)
            << chain << " " << step;
      }
    }
    EXPECT_EQ(run.chains[chain].n_accepted, accepted);
    EXPECT_NEAR(run.chains[chain].acceptance(), chances / kHmcSteps, 2e-6);
    n_accepted += accepted;
  }
  // Both ways were taken.
  EXPECT_GT(n_accepted, kHmcSteps * kHmcChains / 4);
  EXPECT_LT(n_accepted, kHmcSteps * kHmcChains * 19 / 20);
}

TEST(HmcTest, FollowsLeapfrogInDoublePrecision) {
  for (const std::int64_t n_leapfrog : {1, 5}) {
    const HmcOptions options{.step_size = 1.1f,
                             .n_leapfrog = n_leapfrog,
                             .temperature = 0.7f,
                             .inverse_mass = {1.0f, 0.5f, 1.5f}};
    expect_chains_of(Hmc(options), options.temperature,
                     [&](const Point& x, const Point& z, double temperature) {
                       return leapfrog(x, z, temperature, options);
                     });
  }
}

TEST(MalaTest, FollowsTheTextbookInDoublePrecision) {
  const MalaOptions options{
      .step_size = 0.5f, .temperature = 1.3f, .preconditioner = {1.0f, 0.5f, 1.5f}};
  expect_chains_of(Mala(options), options.temperature,
                   [&](const Point& x, const Point& z, double temperature) {
                     return langevin_proposal(x, z, temperature, options);
                   });
}

TEST(HmcTest, HamiltonianInTheTraceIsThatOfTheTransition) {
  const CoordinateEnergy energy = quadratic(kHmcDim, static_cast<float>(kStiffness));
  const base::RandomKey key{.seed = 8};
  ChainStore chains(kHmcChains, kHmcDim);
  std::vector<float> h(kHmcChains);
  run_chains(energy, Hmc({.step_size = 1e-3f, .n_leapfrog = 3}), chains,
             {.n_steps = 1, .key = key, .trace = {.hamiltonian = h}});
  for (std::uint64_t chain = 0; chain < kHmcChains; ++chain) {
    double kinetic = 0;
    for (const double z : normals_of_step(key, chain, 0, kHmcDim)) kinetic += 0.5 * z * z;
    EXPECT_NEAR(h[chain], kinetic, 1e-5);  // all start at E = 0
  }
}

/// Proposals counted as divergent among 64 trajectories of 400 steps of length h·ω.
std::int64_t divergent_at(float step) {
  ChainStore chains(64, 1);
  const RunInfo run =
      run_chains(quadratic(1, 4.0f), Hmc({.step_size = step / 2.0f, .n_leapfrog = 400}), chains,
                 {.n_steps = 1, .key = {.seed = 3}});
  EXPECT_EQ(run.total().n_transitions, 64);
  return run.total().n_divergent + run.total().n_non_finite;
}

TEST(HmcTest, LeapfrogIsStableBelowTwoAndNotAbove) {
  // p² + ω²x²(1 − h²ω²/4) is conserved: at 1.99 energies grow at most by 1/(1 − 0.990) = 100; at
  // 2.01 the growth is exp(2·0.2·400).
  EXPECT_EQ(divergent_at(1.99f), 0);
  EXPECT_EQ(divergent_at(2.01f), 64);
}

std::set<std::int64_t> lengths_at(double jitter, std::int64_t n_leapfrog) {
  std::set<std::int64_t> lengths;
  ChainStore chains(1, 1);
  const Hmc kernel({.step_size = 0.01f, .n_leapfrog = n_leapfrog, .jitter = jitter});
  for (std::uint64_t step = 0; step < 400; ++step) {
    const RunInfo run =
        run_chains(quadratic(1, 1.0f), kernel, chains, {.n_steps = 1, .first_step = step});
    // The first run evaluates the start as well.
    lengths.insert(run.total().n_gradients - (step == 0 ? 1 : 0));
  }
  return lengths;
}

// At so small a step leapfrog keeps H of a million coordinates to 1e-3, so that a proposal is
// rejected only for the rounding of sums: of H, whose float is 0.06 apart from the next one.
TEST(HmcTest, SumsOfAMillionCoordinatesKeepTheirDigits) {
  constexpr std::int64_t kMany = 1'000'000;
  const DiagonalGaussian energy(std::vector<float>(kMany, 0.0f), std::vector<float>(kMany, 1.0f));
  ChainStore chains(16, kMany);
  std::vector<float> rows(16 * kMany);
  draw_initial_states({.seed = 4, .domain = base::Domain::kChainInit}, 0, kMany, std::nullopt,
                      rows);
  chains.load_rows(rows);
  const RunInfo info = run_chains(energy, Hmc({.step_size = 0.002f, .n_leapfrog = 2}), chains,
                                  {.n_steps = 3, .key = {.seed = 5}, .n_threads = 2});
  EXPECT_GT(info.total().acceptance(), 0.95);
}

TEST(HmcTest, JitterDrawsEveryLengthItMayDraw) {
  EXPECT_EQ(lengths_at(0.0, 7), (std::set<std::int64_t>{7}));
  EXPECT_EQ(lengths_at(0.5, 7), (std::set<std::int64_t>{4, 5, 6, 7}));
  EXPECT_EQ(lengths_at(1.0, 4), (std::set<std::int64_t>{1, 2, 3, 4}));
  // (1 − 0.7)·10 is slightly above 3 in binary.
  EXPECT_EQ(*lengths_at(0.7, 10).begin(), 3);
  EXPECT_EQ(*lengths_at(0.3, 10).begin(), 7);
}

TEST(HmcTest, AChainOfTemperatureZeroIsRefused) {
  ChainStore chains(3, 2);
  const std::vector<float> factors{1.0f, 1.0f, 0.0f};
  chains.set_temperature(factors);
  const auto message = message_of(ErrorCode::kUsage, [&] {
    run_chains(DoubleWell(2), Mala({.step_size = 0.01f}), chains, {.n_steps = 1});
  });
  EXPECT_TRUE(contains(message, "the temperature of a chain = 0")) << message;
}

TEST(HmcTest, AStepFarDownhillAtALowTemperatureIsAccepted) {
  // (H' − H)/T overflows, H' and H do not.
  const CoordinateEnergy slope(
      1, [](float x) { return 1e5f * x; }, [](float) { return 1e5f; });
  ChainStore chains(16, 1);
  const RunInfo run =
      run_chains(slope, Hmc({.step_size = 1e-3f, .temperature = 1e-36f}), chains, {.n_steps = 1});
  EXPECT_EQ(run.total().n_non_finite, 0);
  const CoordinateEnergy edge(
      1, [](float x) { return x < 0.0f ? -1e5f : 0.0f; }, [](float) { return 1.0f; });
  ChainStore on_the_edge(16, 1);
  const RunInfo fall = run_chains(edge, Hmc({.step_size = 1e-3f, .temperature = 1e-36f}),
                                  on_the_edge, {.n_steps = 1});
  EXPECT_EQ(fall.total().n_accepted, 16);
}

}  // namespace
}  // namespace ebm::samplers
