#include "samplers/kernels/noise_levels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "samplers/initial_states.h"
#include "samplers/kernels/ancestral.h"
#include "samplers/kernels/annealed_langevin.h"
#include "samplers/kernels/probability_flow.h"
#include "samplers/kernels/recovery.h"
#include "samplers/run_chains.h"
#include "tests/samplers/allocations.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/noisy_gaussian.h"
#include "tests/samplers/kernels/reference_chain.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kLevelChains = 40, kLevelDim = 3;
constexpr double kMean = 0.75, kSd = 0.5;
constexpr NoiseLevels kLevels{.highest = 4.0f, .lowest = 0.05f};
constexpr base::RandomKey kLevelKey{.seed = 6};

std::vector<float> wide_starts() {
  std::vector<float> rows(kLevelChains * kLevelDim);
  draw_initial_states({.seed = 5}, 0, kLevelDim, std::nullopt, rows);
  for (float& x : rows) x *= 4.0f;
  return rows;
}

struct LevelWalk {
  std::int64_t n_steps = 0;
  std::int64_t cut_after = 0;
  int n_threads = 1;
  std::int64_t context_dim = 1;
  std::int64_t preferred_blocks = 1;
};

std::vector<float> walk_levels(const Kernel& kernel, const LevelWalk& walk) {
  const NoisyGaussian energy(kLevelDim, kMean, kSd, walk.context_dim, walk.preferred_blocks);
  ChainStore chains(kLevelChains, kLevelDim, walk.context_dim);
  std::vector<float> rows = wide_starts();
  chains.load_rows(rows);
  // The level in the context is another one than all that the kernels go through.
  std::vector<float> contexts;
  for (std::int64_t i = 0; i < kLevelChains; ++i) {
    if (walk.context_dim > 1) contexts.push_back(static_cast<float>(i % 3));
    contexts.push_back(99.0f);
  }
  chains.load_context(contexts);
  RunOptions run{.n_steps = walk.cut_after, .key = kLevelKey, .n_threads = walk.n_threads};
  run_chains(energy, kernel, chains, run);
  run.first_step = static_cast<std::uint64_t>(walk.cut_after);
  run.n_steps = walk.n_steps - walk.cut_after;
  run_chains(energy, kernel, chains, run);
  // Energies are those of a level that the kernel chose, and not of the chains' own context.
  for (std::int64_t block = 0; block < chains.n_blocks(); ++block) {
    EXPECT_EQ(chains.blocks(block, 1).evaluated[0], 0);
  }
  chains.store_rows(rows);
  return rows;
}

double slope(double x, double sigma) { return (x - kMean) / (kSd * kSd + sigma * sigma); }

TEST(NoiseLevelsTest, LevelsFallFromTheHighestToTheLowest) {
  const std::vector<float> geometric = geometric_levels({8.0f, 0.5f}, 5);
  EXPECT_EQ(geometric, (std::vector<float>{8.0f, 4.0f, 2.0f, 1.0f, 0.5f}));
  const std::vector<float> roots = seventh_root_levels({128.0f, 0x1p-7f}, 3);
  EXPECT_FLOAT_EQ(roots[0], 128.0f);  // 2⁷
  EXPECT_FLOAT_EQ(roots[1], std::pow(1.25f, 7.0f));
  EXPECT_FLOAT_EQ(roots[2], 0x1p-7f);  // ½⁷
  // A single step is from the highest level to none.
  EXPECT_EQ(seventh_root_levels({8.0f, 0.5f}, 1), std::vector<float>{8.0f});
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    geometric_levels({8.0f, 0.5f}, 1);
                                  }),
                       "levels = 1"));
}

TEST(NoiseLevelsTest, LevelsOutOfOrderAreRefused) {
  for (const NoiseLevels& levels : {NoiseLevels{1.0f, 1.0f}, NoiseLevels{0.1f, 1.0f}}) {
    const std::string line = message_of(ErrorCode::kUsage, [&] { levels.validate(); });
    EXPECT_TRUE(contains(line, "level_min = 1: must be below level_max")) << line;
  }
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    ProbabilityFlow({.levels = {1.0f, 0.0f}});
                                  }),
                       "level_min = 0"));
  EXPECT_TRUE(contains(
      message_of(ErrorCode::kUsage, [] { AnnealedLangevin({.n_levels = 9, .n_steps = 8}); }),
      "levels = 9: must be at most the 8 steps"));
}

TEST(NoiseLevelsTest, AnEnergyWithoutALevelIsRefused) {
  ChainStore chains(3, 2);
  for (const auto& kernel : {std::shared_ptr<const Kernel>(new AnnealedLangevin({})),
                             std::shared_ptr<const Kernel>(new Ancestral({})),
                             std::shared_ptr<const Kernel>(new Recovery({})),
                             std::shared_ptr<const Kernel>(new ProbabilityFlow({}))}) {
    const std::string line = message_of(ErrorCode::kUsage, [&] {
      run_chains(quadratic(2, 1.0f), *kernel, chains, {.n_steps = 1});
    });
    EXPECT_TRUE(contains(line, "reads no level of noise")) << line;
  }
}

TEST(AnnealedLangevinTest, FollowsItsRecursionFromLevelToLevel) {
  constexpr std::int64_t kSteps = 17, kLevelsOfIt = 5;
  constexpr float kStep = 0.16f, kTemperature = 0.5f;
  const AnnealedLangevin kernel({.levels = kLevels,
                                 .n_levels = kLevelsOfIt,
                                 .n_steps = kSteps,
                                 .step_size = kStep,
                                 .temperature = kTemperature});
  const std::vector<float> before = wide_starts();
  // Two more than the schedule has: they go on at the lowest level.
  const std::vector<float> after = walk_levels(kernel, {.n_steps = kSteps + 2});
  double moved = 0.0;
  for (std::int64_t chain = 0; chain < kLevelChains; ++chain) {
    std::vector<double> x(before.begin() + chain * kLevelDim,
                          before.begin() + (chain + 1) * kLevelDim);
    for (std::int64_t step = 0; step < kSteps + 2; ++step) {
      const double level = std::min<double>(
          4.0, std::floor(static_cast<double>(step) / static_cast<double>(kSteps) * 5.0));
      const double sigma = 4.0 * std::pow(0.05 / 4.0, level / 4.0);
      const double rate = double{kStep} * sigma * sigma;
      const auto z = normals_of_step(kLevelKey, static_cast<std::uint64_t>(chain),
                                     static_cast<std::uint64_t>(step), kLevelDim);
      for (std::size_t d = 0; d < x.size(); ++d) {
        const double grad = slope(x[d], sigma);
        x[d] -= step == kSteps - 1 ? sigma * sigma * grad
                                   : rate * grad - std::sqrt(2.0 * rate * kTemperature) * z[d];
      }
    }
    for (std::int64_t d = 0; d < kLevelDim; ++d) {
      const auto at = static_cast<std::size_t>(chain * kLevelDim + d);
      EXPECT_NEAR(after[at], x[static_cast<std::size_t>(d)], 1e-5);
      moved = std::max(moved, std::abs(double{after[at]} - double{before[at]}));
    }
  }
  EXPECT_GT(moved, 1.0);
}

/// Along the flow of a Gaussian (x − m)/√(s² + σ²) stays what it is; the last step, of Euler, has
/// the factor s²/(s² + σ²).
double largest_error_of_flow(std::int64_t n_steps) {
  const ProbabilityFlow kernel({.levels = kLevels, .n_steps = n_steps});
  const std::vector<float> before = wide_starts();
  const std::vector<float> after = walk_levels(kernel, {.n_steps = n_steps});
  const double high = kSd * kSd + 16.0, low = kSd * kSd + 0.05 * 0.05;
  double largest = 0.0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double right = kMean + (before[i] - kMean) * std::sqrt(low / high) * kSd * kSd / low;
    largest = std::max(largest, std::abs(after[i] - right));
  }
  return largest;
}

TEST(ProbabilityFlowTest, ReachesTheExactSolutionAtSecondOrder) {
  const double coarse = largest_error_of_flow(20), fine = largest_error_of_flow(40);
  EXPECT_LT(fine, 5e-3);
  EXPECT_NEAR(coarse / fine, 4.0, 0.8);
}

TEST(ProbabilityFlowTest, FollowsHeunAndThenStays) {
  constexpr std::int64_t kSteps = 6;
  const ProbabilityFlow kernel({.levels = kLevels, .n_steps = kSteps, .box = Box{-0.5f, 1.0f}});
  const std::vector<float> before = wide_starts();
  const std::vector<float> after = walk_levels(kernel, {.n_steps = kSteps + 3});
  EXPECT_EQ(walk_levels(kernel, {.n_steps = kSteps}), after);
  std::vector<double> sigma;
  for (int i = 0; i < kSteps; ++i) {
    const double high = std::pow(4.0, 1.0 / 7.0), low = std::pow(0.05, 1.0 / 7.0);
    sigma.push_back(std::pow(high + i / 5.0 * (low - high), 7.0));
  }
  int clamped = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    double x = before[i];
    for (std::size_t k = 0; k + 1 < sigma.size(); ++k) {
      const double h = sigma[k + 1] - sigma[k], d = sigma[k] * slope(x, sigma[k]);
      const double there = sigma[k + 1] * slope(x + h * d, sigma[k + 1]);
      x += 0.5 * h * (d + there);
    }
    x -= sigma.back() * sigma.back() * slope(x, sigma.back());
    const double inside = std::clamp(x, -0.5, 1.0);
    clamped += inside == x ? 0 : 1;
    EXPECT_NEAR(after[i], inside, 2e-6);
  }
  EXPECT_GT(clamped, 0);
  EXPECT_LT(clamped, 100);
}

TEST(AncestralTest, FollowsItsRecursionAndThenStays) {
  constexpr std::int64_t kSteps = 9;
  const Ancestral kernel({.levels = kLevels, .n_steps = kSteps});
  const std::vector<float> before = wide_starts();
  const std::vector<float> after = walk_levels(kernel, {.n_steps = kSteps + 2});
  EXPECT_EQ(walk_levels(kernel, {.n_steps = kSteps}), after);
  for (std::int64_t chain = 0; chain < kLevelChains; ++chain) {
    std::vector<double> x(before.begin() + chain * kLevelDim,
                          before.begin() + (chain + 1) * kLevelDim);
    for (std::int64_t step = 0; step < kSteps; ++step) {
      const double high = std::pow(4.0, 1.0 / 7.0), low = std::pow(0.05, 1.0 / 7.0);
      const auto level = [&](std::int64_t i) {
        return std::pow(high + static_cast<double>(i) / 8.0 * (low - high), 7.0);
      };
      const double now = level(step), next = step + 1 < kSteps ? level(step + 1) : 0.0;
      const auto z = normals_of_step(kLevelKey, static_cast<std::uint64_t>(chain),
                                     static_cast<std::uint64_t>(step), kLevelDim);
      const double noise = next * std::sqrt(1.0 - next * next / (now * now));
      for (std::size_t d = 0; d < x.size(); ++d) {
        x[d] += noise * z[d] - (now * now - next * next) * slope(x[d], now);
      }
    }
    for (std::int64_t d = 0; d < kLevelDim; ++d) {
      const auto at = static_cast<std::size_t>(chain * kLevelDim + d);
      EXPECT_NEAR(after[at], x[static_cast<std::size_t>(d)], 1e-5);
    }
  }
}

/// From y = 2 at a level of 0.8: p(x₀ | y) of a Gaussian has precision 1/s² + 1/σ² and a mean in
/// between.
TEST(AncestralTest, EndsAtDrawsOfThePosteriorOfItsStart) {
  constexpr std::int64_t kChains = 4000;
  constexpr double kSigma = 0.8, kStart = 2.0;
  const Ancestral kernel({.levels = {.highest = 0.8f, .lowest = 0.002f}, .n_steps = 200});
  ChainStore chains(kChains, 1, 1);
  chains.load_rows(std::vector<float>(kChains, kStart));
  chains.load_context(std::vector<float>(kChains, 1.0f));
  run_chains(NoisyGaussian(1, kMean, kSd), kernel, chains,
             {.n_steps = 200, .key = kLevelKey, .n_threads = 2});
  std::vector<float> rows(kChains);
  chains.store_rows(rows);
  double mean = 0.0, square = 0.0;
  for (const float x : rows) {
    mean += x / double{kChains};
    square += double{x} * x / kChains;
  }
  const double variance = 1.0 / (1.0 / (kSd * kSd) + 1.0 / (kSigma * kSigma));
  const double right = variance * (kMean / (kSd * kSd) + kStart / (kSigma * kSigma));
  // Four standard errors, and as much for 200 steps instead of infinitely many.
  EXPECT_NEAR(mean, right, 4.0 * std::sqrt(variance / kChains));
  EXPECT_NEAR((square - mean * mean) / variance, 1.0, 8.0 * std::sqrt(2.0 / kChains));
}

TEST(NoiseLevelsTest, BitsDependNeitherOnThreadsNorGroupsNorCuts) {
  const AnnealedLangevin langevin(
      {.levels = kLevels, .n_levels = 4, .n_steps = 11, .step_size = 0.16f});
  const ProbabilityFlow flow({.levels = kLevels, .n_steps = 11});
  const Ancestral ancestral({.levels = kLevels, .n_steps = 11});
  const Recovery recovery({.levels = kLevels, .n_levels = 4, .n_steps = 11});
  for (const Kernel* kernel : std::vector<const Kernel*>{&langevin, &flow, &ancestral, &recovery}) {
    for (const std::int64_t context_dim : {1, 2}) {
      const LevelWalk whole{.n_steps = 13, .context_dim = context_dim};
      const std::vector<float> end = walk_levels(*kernel, whole);
      for (const int threads : {2, 3, 7}) {
        LevelWalk walk = whole;
        walk.n_threads = threads;
        EXPECT_EQ(walk_levels(*kernel, walk), end) << threads << " threads";
      }
      for (const std::int64_t cut : {1, 3, 6, 10, 11, 12}) {
        LevelWalk walk = whole;
        walk.cut_after = cut;
        EXPECT_EQ(walk_levels(*kernel, walk), end) << "cut after " << cut;
      }
      for (const std::int64_t blocks : {0, 2, 3}) {
        LevelWalk walk = whole;
        walk.preferred_blocks = blocks;
        EXPECT_EQ(walk_levels(*kernel, walk), end) << blocks << " blocks";
      }
    }
    // The label before the level is that of the chain.
    EXPECT_NE(walk_levels(*kernel, {.n_steps = 13, .context_dim = 2}),
              walk_levels(*kernel, {.n_steps = 13, .context_dim = 1}));
  }
}

TEST(NoiseLevelsTest, StepsAllocateNothing) {
  const AnnealedLangevin langevin({.levels = kLevels, .n_levels = 20, .n_steps = 500});
  const ProbabilityFlow flow({.levels = kLevels, .n_steps = 500});
  const Ancestral ancestral({.levels = kLevels, .n_steps = 500});
  const Recovery recovery({.levels = kLevels, .n_levels = 20, .n_steps = 500});
  for (const Kernel* kernel : std::vector<const Kernel*>{&langevin, &flow, &ancestral, &recovery}) {
    const auto count = [&](std::int64_t n_steps) {
      const Allocations allocations;
      walk_levels(*kernel, {.n_steps = n_steps});
      return allocations.count();
    };
    count(2);
    EXPECT_EQ(count(400), count(2));
  }
}

TEST(NoiseLevelsTest, AChainThatIsNotFiniteIsNamed) {
  const AnnealedLangevin langevin({.levels = kLevels, .n_levels = 2, .n_steps = 9});
  const ProbabilityFlow flow({.levels = kLevels, .n_steps = 9});
  const Ancestral ancestral({.levels = kLevels, .n_steps = 9});
  const Recovery recovery({.levels = kLevels, .n_levels = 2, .n_steps = 9});
  for (const Kernel* kernel : std::vector<const Kernel*>{&langevin, &flow, &ancestral, &recovery}) {
    ChainStore chains(20, kLevelDim, 1);
    std::vector<float> rows(20 * kLevelDim, 0.5f);
    rows[18 * kLevelDim] = INFINITY;
    chains.load_rows(rows);
    chains.load_context(std::vector<float>(20, 1.0f));
    const std::string line = message_of(ErrorCode::kDiverged, [&] {
      run_chains(NoisyGaussian(kLevelDim, 0.0f, 1.0f), *kernel, chains, {.n_steps = 9});
    });
    EXPECT_TRUE(contains(line, "chain 18")) << line;
  }
}

}  // namespace
}  // namespace ebm::samplers
