#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "samplers/simd/simd_target.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kTargetDim = 3, kTargetChains = 640;

std::vector<float> end_of(const Kernel& kernel, std::int64_t n_steps) {
  ChainStore chains(kTargetChains, kTargetDim);
  std::vector<float> rows(kTargetChains * kTargetDim);
  draw_initial_states({.seed = 5}, 0, kTargetDim, std::nullopt, rows);
  chains.load_rows(rows);
  run_chains(quadratic(kTargetDim, 1.0f), kernel, chains, {.n_steps = n_steps, .key = {.seed = 2}});
  chains.store_rows(rows);
  return rows;
}

class KernelTargetsTest : public testing::TestWithParam<KernelCase> {};

TEST_P(KernelTargetsTest, AgreeOnOneStep) {
  const KernelPointer kernel = GetParam().make(kTargetDim, 0.3f);
  std::vector<float> best;
  int n_targets = 0;
  on_every_target([&] {
    const std::vector<float> rows = end_of(*kernel, 1);
    if (best.empty()) best = rows;
    for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_NEAR(rows[i], best[i], 1e-5f) << i;
    ++n_targets;
  });
  EXPECT_GT(n_targets, 0);
}

TEST_P(KernelTargetsTest, AgreeOnTheMomentsOfALongRun) {
  const KernelPointer kernel = GetParam().make(kTargetDim, 0.3f);
  std::vector<double> means, squares;
  on_every_target([&] {
    double mean = 0, square = 0;
    for (const float x : end_of(*kernel, 200)) {
      mean += x / double{kTargetChains * kTargetDim};
      square += double{x} * x / double{kTargetChains * kTargetDim};
    }
    means.push_back(mean);
    squares.push_back(square);
  });
  for (std::size_t i = 0; i < means.size(); ++i) {
    // The same random numbers on a contracting walk: what differs is rounding, and a few accept
    // decisions of 128,000, each of which is forgotten.
    EXPECT_NEAR(means[i], means[0], 2e-3);
    EXPECT_NEAR(squares[i], squares[0], 2e-3);
    // Within 40 % of what they aim at: T = 1, the 0.5 of the annealed, the 0.8 of one HMC, or 0.
    if (GetParam().has_noise) {
      EXPECT_GT(squares[i], 0.3);
      EXPECT_LT(squares[i], 1.4);
    } else {
      EXPECT_LT(squares[i], 1e-6);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, KernelTargetsTest, testing::ValuesIn(kernel_cases()),
                         name_of_case);

}  // namespace
}  // namespace ebm::samplers
