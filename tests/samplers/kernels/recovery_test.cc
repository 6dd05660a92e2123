#include "samplers/kernels/recovery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "tests/samplers/kernels/noisy_gaussian.h"
#include "tests/samplers/kernels/reference_chain.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kGivenDim = 3;
constexpr float kGivenSd = 0.5f;
constexpr base::RandomKey kGivenKey{.seed = 9};

/// Chains of a Gaussian with noise, each at a level of its own, from starts that are given.
std::vector<float> draw_given(const std::vector<float>& starts, const std::vector<float>& levels,
                              float mean, const ConditionalLangevinOptions& options,
                              std::int64_t n_steps) {
  const NoisyGaussian energy(kGivenDim, mean, kGivenSd);
  ChainStore chains(std::ssize(levels), kGivenDim, 1);
  chains.load_rows(starts);
  chains.load_context(levels);
  run_chains(energy, ConditionalLangevin(options), chains,
             {.n_steps = n_steps, .key = kGivenKey, .n_threads = 2});
  std::vector<float> rows(starts.size());
  chains.store_rows(rows);
  return rows;
}

/// Starts and levels of n chains.
struct GivenChains {
  explicit GivenChains(std::int64_t n) : starts(static_cast<std::size_t>(n * kGivenDim)) {
    draw_initial_states({.seed = 5}, 0, kGivenDim, std::nullopt, starts);
    for (std::int64_t i = 0; i < n; ++i) levels.push_back(0.1f * static_cast<float>(1 + i % 7));
  }
  std::vector<float> starts, levels;
};

TEST(ConditionalLangevinTest, FollowsItsRecursionAtTheLevelOfEachChain) {
  constexpr float kRatio = 1.75f, kStep = 0.2f, kMeanOfIt = 0.75f;
  const GivenChains given(21);
  const std::vector<float> after =
      draw_given(given.starts, given.levels, kMeanOfIt, {.ratio = kRatio, .step_size = kStep}, 9);
  for (std::size_t chain = 0; chain < given.levels.size(); ++chain) {
    const double variance = double{given.levels[chain]} * double{given.levels[chain]};
    const double of_given = variance * (double{kRatio} * double{kRatio} - 1.0);
    const double h = double{kStep} / (1.0 / variance + 1.0 / of_given);
    const auto own = given.starts.begin() + static_cast<std::ptrdiff_t>(chain * kGivenDim);
    std::vector<double> x(own, own + kGivenDim);
    for (std::uint64_t step = 0; step < 9; ++step) {
      const auto z = normals_of_step(kGivenKey, chain, step, kGivenDim);
      for (std::size_t d = 0; d < x.size(); ++d) {
        const double slope =
            (x[d] - double{kMeanOfIt}) / (double{kGivenSd} * double{kGivenSd} + variance) +
            (x[d] - double{own[static_cast<std::ptrdiff_t>(d)]}) / of_given;
        x[d] += -h * slope + std::sqrt(2.0 * h) * z[d];
      }
    }
    for (std::size_t d = 0; d < x.size(); ++d) {
      EXPECT_NEAR(after[chain * kGivenDim + d], x[d], 1e-5) << chain;
    }
  }
}

TEST(ConditionalLangevinTest, OfAGaussianDrawsFromTheConditional) {
  // p(y | x̃) is Gaussian with precision P = 1/(s² + σ²) + 1/σ'², σ'² = σ²(r² − 1), and mean (m/(s²
  // + σ²) + x̃/σ'²)/P. Chains of the same numbers differ by what their x̃ or m do; the variance is
  // that of Langevin steps, 1/(P(1 − hP/2)).
  constexpr float kRatio = 1.5f, kStep = 0.2f, kShift = 2.0f;
  const GivenChains given(20000);
  std::vector<float> shifted = given.starts;
  for (float& x : shifted) x += kShift;
  const auto draw = [&](const std::vector<float>& starts, float mean) {
    return draw_given(starts, given.levels, mean, {.ratio = kRatio, .step_size = kStep}, 120);
  };
  const auto plain = draw(given.starts, 0.0f), from_shifted = draw(shifted, 0.0f);
  const auto at_shifted = draw(given.starts, kShift);
  double sum = 0.0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const double sigma = double{given.levels[i / kGivenDim]}, variance = sigma * sigma;
    const double own = 1.0 / (0.25 + variance), of_given = 1.0 / (variance * 1.25);
    const double p = own + of_given, h = double{kStep} / (1.0 / variance + of_given);
    EXPECT_NEAR((double{from_shifted[i]} - double{plain[i]}) / kShift, of_given / p, 1e-3);
    EXPECT_NEAR((double{at_shifted[i]} - double{plain[i]}) / kShift, own / p, 1e-3);
    const double error = double{plain[i]} - double{given.starts[i]} * of_given / p;
    sum += error * error * p * (1.0 - 0.5 * h * p);
  }
  const double n = static_cast<double>(plain.size());
  EXPECT_NEAR(sum / n, 1.0, 4.0 * std::sqrt(2.0 / n));
}

TEST(RecoveryTest, GoesDownTheLevelsGivenWhereItCameToEach) {
  constexpr std::int64_t kSteps = 11;
  const GivenChains given(20);
  const NoiseLevels levels{.highest = 4.0f, .lowest = 0.5f};  // 2, 1, 0.5: r = 2
  const Recovery kernel({.levels = levels,
                         .n_levels = 3,
                         .n_steps = kSteps,
                         .step_size = 0.2f,
                         .box = Box{-0.5f, 0.5f}});
  const NoisyGaussian energy(kGivenDim, 0.25f, kGivenSd);
  const auto walked = [&](std::int64_t n_steps) {
    ChainStore chains(20, kGivenDim, 1);
    chains.load_rows(given.starts);
    chains.load_context(given.levels);  // others than all that it goes through
    run_chains(energy, kernel, chains, {.n_steps = n_steps, .key = kGivenKey});
    std::vector<float> rows(given.starts.size());
    chains.store_rows(rows);
    return rows;
  };
  // Steps 0 to 3, 4 to 7, 8 to 9, and the last one.
  const std::vector<double> at = {2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5};
  const auto before_last = walked(kSteps - 1), after = walked(kSteps);
  EXPECT_EQ(walked(kSteps + 3), after);
  for (std::size_t chain = 0; chain < 20; ++chain) {
    for (std::size_t d = 0; d < kGivenDim; ++d) {
      double x = double{given.starts[chain * kGivenDim + d]}, start = x;
      for (std::size_t step = 0; step < at.size(); ++step) {
        if (step > 0 && at[step] != at[step - 1]) start = x;
        const double variance = at[step] * at[step];
        const double h = 0.2 / (1.0 / variance + 1.0 / (3.0 * variance));
        const double slope = (x - 0.25) / (0.25 + variance) + (x - start) / (3.0 * variance);
        const auto z = normals_of_step(kGivenKey, chain, step, kGivenDim);
        x += -h * slope + std::sqrt(2.0 * h) * z[d];
      }
      EXPECT_NEAR(before_last[chain * kGivenDim + d], x, 2e-5);
      x = std::clamp(x - 0.25 * (x - 0.25) / 0.5, -0.5, 0.5);
      EXPECT_NEAR(after[chain * kGivenDim + d], x, 2e-5);
    }
  }
}

TEST(RecoveryTest, SamplesOfAGaussianAreOfIt) {
  constexpr std::int64_t kChains = 20000, kSteps = 600, kLevelsOfIt = 6;
  constexpr double kHighest = 3.0, kLowest = 0.1, kStep = 0.2;
  const Recovery kernel({.levels = {.highest = 3.0f, .lowest = 0.1f},
                         .n_levels = kLevelsOfIt,
                         .n_steps = kSteps,
                         .step_size = 0.2f});
  const NoisyGaussian energy(1, 0.75f, kGivenSd);
  ChainStore chains(kChains, 1, 1);
  std::vector<float> rows(kChains);
  draw_initial_states({.seed = 5}, 0, 1, std::nullopt, rows, std::hypot(3.0f, kGivenSd));
  for (float& x : rows) x += 0.75f;
  chains.load_rows(rows);
  chains.load_context(std::vector<float>(kChains, 1.0f));
  run_chains(energy, kernel, chains, {.n_steps = kSteps, .key = kGivenKey, .n_threads = 2});
  chains.store_rows(rows);
  double mean = 0.0, square = 0.0;
  for (const float x : rows) {
    mean += double{x} / kChains;
    square += double{x} * double{x} / kChains;
  }
  // The variance v of chains that come to a level becomes α²·v + 2h·(1 − ρ^{2K})/(1 − ρ²), with
  // ρ = 1 − hP and α = ρ^K + (1 − ρ^K)/(σ'²P); that of data with noise of σ is s² + σ². The last
  // step makes y of it (s²·y + σ²·m)/(s² + σ²).
  const double ratio = std::pow(kHighest / kLowest, 1.0 / kLevelsOfIt);
  double v = 0.25 + kHighest * kHighest, sigma = kHighest;
  for (int level = 1; level <= kLevelsOfIt; ++level) {
    sigma /= ratio;
    const double of_given = sigma * sigma * (ratio * ratio - 1.0);
    const double p = 1.0 / (0.25 + sigma * sigma) + 1.0 / of_given;
    const double h = kStep / (1.0 / (sigma * sigma) + 1.0 / of_given), rho = 1.0 - h * p;
    const double kept = std::pow(rho, level == kLevelsOfIt ? 99 : 100);
    const double alpha = kept + (1.0 - kept) / (of_given * p);
    v = alpha * alpha * v + 2.0 * h * (1.0 - kept * kept) / (1.0 - rho * rho);
    EXPECT_NEAR(v / (0.25 + sigma * sigma), 1.0, 0.1);
  }
  v *= std::pow(0.25 / (0.25 + kLowest * kLowest), 2.0);
  EXPECT_NEAR(mean, 0.75, 4.0 * std::sqrt(v / kChains));
  EXPECT_NEAR((square - mean * mean) / v, 1.0, 4.0 * std::sqrt(2.0 / kChains));
}

TEST(RecoveryTest, OptionsThatMakeNoSenseAreRefused) {
  const auto refusal = [](const RecoveryOptions& options) {
    return message_of(ErrorCode::kUsage, [&] { Recovery{options}; });
  };
  EXPECT_TRUE(contains(refusal({.n_levels = 0}), "levels = 0"));
  EXPECT_TRUE(
      contains(refusal({.n_levels = 9, .n_steps = 8}), "levels = 9: must be at most the 8 steps"));
  EXPECT_TRUE(contains(refusal({.levels = {1.0f, 2.0f}}), "level_min = 2: must be below"));
  EXPECT_TRUE(contains(refusal({.step_size = 0.0f}), "step_size = 0"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage, [] { ConditionalLangevin({.ratio = 1.0f}); }),
                       "ratio = 1: must be a number above 1"));
}

}  // namespace
}  // namespace ebm::samplers
