#include "samplers/adaptation/adaptation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "samplers/adaptation/dual_averaging.h"
#include "samplers/adaptation/running_variance.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/mala.h"
#include "samplers/kernels/nuts.h"
#include "samplers/run_chains.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

TEST(DualAveragingTest, FollowsItsRecursionInDoublePrecision) {
  DualAveraging step(0.5f, 0.8);
  // t = 1: H = (0.8 − 0.3)/11; ln h = ln 5 − 20·H = ln h̄.
  step.update(0.3);
  const double first = std::log(5.0) - 20 * (0.5 / 11);
  EXPECT_NEAR(std::log(step.step_size()), first, 1e-6);
  EXPECT_NEAR(std::log(step.averaged_step_size()), first, 1e-6);
  // t = 2: H = (11/12)·H + (0.8 − 1)/12; ln h = ln 5 − 20·√2·H; ln h̄ mixed with weight 2^−0.75.
  step.update(1.0);
  const double second = std::log(5.0) - 20 * std::sqrt(2.0) * (0.5 / 12 - 0.2 / 12);
  const double weight = std::pow(2.0, -0.75);
  EXPECT_NEAR(std::log(step.step_size()), second, 1e-6);
  EXPECT_NEAR(std::log(step.averaged_step_size()), weight * second + (1 - weight) * first, 1e-6);
}

TEST(RunningVarianceTest, EqualsTheTwoPassFormula) {
  RunningVariance states(2);
  states.add(std::vector<float>{1e4f, 1.0f});
  EXPECT_TRUE(std::isnan(states.variance()[0]));
  states.add(std::vector<float>{1e4f + 1, 2.0f});
  states.add(std::vector<float>{1e4f + 3, 6.0f});
  EXPECT_EQ(states.n(), 3);
  EXPECT_DOUBLE_EQ(states.mean()[1], 3.0);
  EXPECT_NEAR(states.variance()[0], 7.0 / 3, 1e-9);
  EXPECT_NEAR(states.variance()[1], 7.0, 1e-12);
}

const MakeAdaptiveKernel kHmc = [](float step_size, const std::vector<float>& inverse_mass) {
  return std::make_unique<Hmc>(
      HmcOptions{.step_size = step_size, .n_leapfrog = 5, .inverse_mass = inverse_mass});
};
const MakeAdaptiveKernel kNuts = [](float step_size, const std::vector<float>& inverse_mass) {
  return std::make_unique<Nuts>(NutsOptions{.step_size = step_size, .inverse_mass = inverse_mass});
};
const MakeAdaptiveKernel kMala = [](float step_size, const std::vector<float>& inverse_mass) {
  return std::make_unique<Mala>(
      MalaOptions{.step_size = step_size, .preconditioner = inverse_mass});
};

/// Acceptance of a frozen kernel on chains that burn-in left behind.
double acceptance_after(const MakeAdaptiveKernel& make, const AdaptationOptions& options,
                        const Energy& energy, Adapted* adapted) {
  ChainStore chains(64, energy.dim());
  *adapted = adapt(energy, make, chains, options);
  const auto kernel = make(adapted->step_size, adapted->inverse_mass);
  return run_chains(energy, *kernel, chains,
                    {.n_steps = 500,
                     .first_step = static_cast<std::uint64_t>(options.n_steps),
                     .key = {.seed = 2}})
      .total()
      .acceptance();
}

TEST(AdaptationTest, FindsStepAndMassOfAnIllConditionedGaussian) {
  const DiagonalGaussian energy({0, 0, 0, 0}, {100.0f, 10.0f, 1.0f, 0.1f});
  struct Case {
    MakeAdaptiveKernel make;
    double target;
    float start;
  };
  for (const Case& each :
       {Case{kHmc, 0.8, 1.0f}, Case{kNuts, 0.8, 1e-3f}, Case{kMala, 0.574, 10.0f}}) {
    Adapted adapted;
    const double found = acceptance_after(each.make,
                                          {.n_steps = 1000,
                                           .target_acceptance = each.target,
                                           .step_size = each.start,
                                           .key = {.seed = 2}},
                                          energy, &adapted);
    // Frozen at the average of a step that still swings by some per cent.
    EXPECT_NEAR(found, each.target, 0.06);
    const double variances[] = {1e4, 100, 1, 0.01};
    for (std::size_t d = 0; d < 4; ++d) {
      // A window of 500 steps of 64 chains: thousands of independent draws.
      EXPECT_NEAR(double{adapted.inverse_mass[d]} / variances[d], 1.0, 0.15) << d;
    }
  }
}

// Six orders of magnitude below the unit scale that a fixed constant would suit.
TEST(AdaptationTest, FindsTheMassOfANarrowGaussian) {
  const DiagonalGaussian energy({0, 0, 0}, {1e-5f, 1e-6f, 1e-7f});
  for (const MakeAdaptiveKernel& make : {kHmc, kNuts}) {
    Adapted adapted;
    const double found = acceptance_after(
        make, {.n_steps = 1000, .step_size = 1e-7f, .key = {.seed = 2}}, energy, &adapted);
    EXPECT_NEAR(found, 0.8, 0.06);
    const double variances[] = {1e-10, 1e-12, 1e-14};
    for (std::size_t d = 0; d < 3; ++d) {
      EXPECT_NEAR(double{adapted.inverse_mass[d]} / variances[d], 1.0, 0.15) << d;
    }
  }
}

TEST(AdaptationTest, BitsDoNotDependOnThreads) {
  const DiagonalGaussian energy({0, 1, 2}, {1.0f, 0.5f, 3.0f});
  Adapted first;
  std::vector<float> rows(303), reference;
  for (const int n_threads : {1, 2, 3, 7}) {
    ChainStore chains(101, 3);
    const Adapted adapted =
        adapt(energy, kNuts, chains, {.n_steps = 150, .key = {.seed = 8}, .n_threads = n_threads});
    chains.store_rows(rows);
    if (n_threads == 1) {
      first = adapted;
      reference = rows;
    }
    EXPECT_EQ(adapted.step_size, first.step_size);
    EXPECT_EQ(adapted.inverse_mass, first.inverse_mass);
    EXPECT_EQ(rows, reference);
  }
}

TEST(AdaptationTest, ShortBurnInIsAllowedAndStepsAreReported) {
  const DiagonalGaussian energy({0}, {1.0f});
  for (const std::int64_t n_steps : {1, 2, 5, 20, 149}) {
    ChainStore chains(1, 1);
    std::int64_t last = 0;
    const Adapted adapted =
        adapt(energy, kHmc, chains,
              {.n_steps = n_steps, .on_step = [&](std::int64_t done) { last = done; }});
    EXPECT_EQ(last, n_steps);
    EXPECT_TRUE(std::isfinite(adapted.step_size) && adapted.step_size > 0);
    EXPECT_GE(adapted.acceptance, 0.0);
    EXPECT_LE(adapted.acceptance, 1.0);
    for (const float m : adapted.inverse_mass) EXPECT_TRUE(std::isfinite(m) && m > 0);
  }
}

TEST(AdaptationTest, KernelsWithoutAnAcceptStepAreRefused) {
  const DiagonalGaussian energy({0}, {1.0f});
  ChainStore chains(1, 1);
  const MakeAdaptiveKernel langevin = [](float step_size, const std::vector<float>&) {
    return std::make_unique<Langevin>(LangevinOptions{.step_size = step_size});
  };
  EXPECT_EQ(message_of(ErrorCode::kUsage, [&] { adapt(energy, langevin, chains, {}); }),
            "adapt: the sampler has no accept step to adapt to");
  EXPECT_EQ(message_of(ErrorCode::kUsage, [&] { adapt(energy, kHmc, chains, {.n_steps = 0}); }),
            "n_steps = 0: must be at least 1");
  EXPECT_EQ(message_of(ErrorCode::kUsage,
                       [&] { adapt(energy, kHmc, chains, {.target_acceptance = 1.5}); }),
            "target_acceptance = 1.5: must be from 0.01 to 0.999");
}

}  // namespace
}  // namespace ebm::samplers
