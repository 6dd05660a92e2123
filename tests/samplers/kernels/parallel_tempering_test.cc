#include "samplers/kernels/parallel_tempering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "base/random.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/kernels/mala.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

/// Stands still, so that whatever moves was swapped.
class Still : public Kernel {
 public:
  StepInfo advance(const ChainBlocks&, Evaluator&, const ChainRng&,
                   std::int64_t n_steps) const override {
    StepInfo info;
    info.n_steps = n_steps;
    return info;
  }
  std::string divergence_hint() const override { return ""; }
};

TEST(ParallelTemperingTest, SwapsByTheRuleInDoublePrecision) {
  // 64 ensembles of four replicas at x = i; E = x²/2.
  const std::vector<float> ladder{1.0f, 1.5f, 2.5f, 4.0f};
  const float temperature = 0.7f;
  const ParallelTempering kernel(std::make_shared<Still>(),
                                 {.ladder = ladder, .temperature = temperature});
  const CoordinateEnergy energy = quadratic(1, 1.0f);
  ChainStore chains(256, 1);
  std::vector<float> rows(256), expected(256);
  for (std::size_t i = 0; i < 256; ++i) rows[i] = std::fmod(0.37f * static_cast<float>(i), 3.0f);
  expected = rows;
  chains.load_rows(rows);
  const base::RandomKey key{.seed = 4};
  const RunInfo info = run_chains(energy, kernel, chains, {.n_steps = 3, .key = key});
  chains.store_rows(rows);
  std::vector<std::int64_t> swaps(256);
  const base::PhiloxKey swap_key = base::subkey(key.philox_key(), kSwapUniforms);
  for (std::uint32_t step = 0; step < 3; ++step) {
    for (std::uint32_t i = 0; i + 1 < 256; ++i) {
      const std::size_t r = i % 4;
      if (r % 2 != step % 2 || r == 3) continue;
      const double u = (base::philox({step, 0, i, 0}, swap_key)[0] + 0.5) * 0x1p-32;
      const double cold = 1 / (double{ladder[r]} * temperature);
      const double hot = 1 / (double{ladder[r + 1]} * temperature);
      const double e = 0.5 * expected[i] * expected[i], f = 0.5 * expected[i + 1] * expected[i + 1];
      if (u < std::exp((cold - hot) * (e - f))) {
        std::swap(expected[i], expected[i + 1]);
        ++swaps[i];
      }
    }
  }
  EXPECT_EQ(rows, expected);
  std::int64_t n_swaps = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(info.chains[i].n_swaps, swaps[i]) << i;
    EXPECT_EQ(info.chains[i].n_swaps_proposed, i % 4 == 3 ? 0 : i % 2 == 0 ? 2 : 1) << i;
    n_swaps += swaps[i];
  }
  EXPECT_GT(n_swaps, 100);
  EXPECT_LT(n_swaps, 300);
}

/// Share of ensembles whose cold chain ends at the right one of two far modes, all having started
/// at the left one.
double crossed(const Kernel& kernel, std::int64_t n_replicas) {
  const GaussianMixture modes(2, {-2.0f, 0.0f, 2.0f, 0.0f}, {1.0f, 1.0f}, 0.25f);
  constexpr std::int64_t kEnsembles = 256;
  ChainStore chains(kEnsembles * n_replicas, 2);
  std::vector<float> rows(static_cast<std::size_t>(2 * kEnsembles * n_replicas));
  for (std::size_t i = 0; i < rows.size(); i += 2) rows[i] = -2.0f;
  chains.load_rows(rows);
  run_chains(modes, kernel, chains, {.n_steps = 3000, .key = {.seed = 11}});
  chains.store_rows(rows);
  double share = 0;
  for (std::size_t i = 0; i < rows.size(); i += 2 * static_cast<std::size_t>(n_replicas)) {
    share += (rows[i] > 0) / double{kEnsembles};
  }
  return share;
}

TEST(ParallelTemperingTest, CrossesBetweenModesThatMalaAloneDoesNot) {
  // The barrier between the modes is 2²/(2·0.25²) = 32: exp(−32) = 1e-14 a step at T = 1.
  const auto mala = std::make_shared<const Mala>(MalaOptions{.step_size = 0.03f});
  EXPECT_EQ(crossed(*mala, 1), 0.0);
  const ParallelTempering tempered(mala, {.ladder = geometric_ladder(8, 32.0f)});
  // Half of 256 ensembles, give or take five standard errors of 1/32.
  EXPECT_NEAR(crossed(tempered, 8), 0.5, 5.0 / 32);
}

TEST(ParallelTemperingTest, HalfAnEnsembleIsRefused) {
  const ParallelTempering kernel(std::make_shared<Mala>(MalaOptions{.step_size = 0.1f}),
                                 {.ladder = {1.0f, 2.0f, 4.0f, 8.0f}});
  EXPECT_EQ(kernel.ensemble_size(), 4);
  ChainStore chains(6, 2);
  EXPECT_EQ(message_of(ErrorCode::kUsage,
                       [&] { run_chains(eight_gaussians(), kernel, chains, {.n_steps = 1}); }),
            "n_chains = 6: must be a multiple of 4, the chains of an ensemble");
}

TEST(ParallelTemperingTest, LaddersAreRefusedByName) {
  const auto of = [](std::vector<float> ladder) {
    return message_of(ErrorCode::kUsage, [&] {
      ParallelTempering(std::make_shared<Still>(), {.ladder = std::move(ladder)});
    });
  };
  EXPECT_EQ(of({1, 2, 3}), "ladder = 3 temperatures: must be 2, 4, 8 or 16 of them");
  EXPECT_EQ(of({1, 1}), "ladder: must start at 1 and rise");
  EXPECT_EQ(of({2, 3}), "ladder: must start at 1 and rise");
  EXPECT_EQ(of({1, -1}), "ladder = -1: must be a positive number");
  const std::vector<float> ladder = geometric_ladder(4, 8.0f);
  EXPECT_FLOAT_EQ(ladder[1], 2.0f);
  EXPECT_FLOAT_EQ(ladder[3], 8.0f);
}

}  // namespace
}  // namespace ebm::samplers
