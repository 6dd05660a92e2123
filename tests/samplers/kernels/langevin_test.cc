#include "samplers/kernels/langevin.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/run_chains.h"
#include "tests/samplers/allocations.h"
#include "tests/samplers/coordinate_energy.h"

namespace ebm::samplers {
namespace {

TEST(LangevinTest, ZeroNoiseFollowsEnergyGradient) {
  const auto rows = walk(quadratic(3, 2.0f), {.step_size = 0.1f}, 5, 4);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(rows[i], 0.01f * static_cast<float>(i % 50) * std::pow(0.8f, 4.0f), 1e-6f);
  }
}

TEST(LangevinTest, ClampsTheGradientAndTheBox) {
  const CoordinateEnergy steep(
      2, [](float x) { return -100.0f * x; }, [](float) { return -100.0f; });
  for (const float x : walk(steep, {.step_size = 1.0f, .clamp_energy_grad = 0.03f}, 3, 1)) {
    EXPECT_LE(x, 0.49f + 0.031f);
    EXPECT_GE(x, 0.03f);
  }
  for (const float x : walk(steep, {.step_size = 1.0f, .box = Box{-1, 0.5f}}, 3, 1)) {
    EXPECT_EQ(x, 0.5f);
  }
}

TEST(LangevinTest, BitsDependNeitherOnThreadsNorOnGroupingNorOnCuts) {
  for (const std::int64_t dim : {1, 2, 3, 5, 64, 129}) {
    const LangevinOptions options{.step_size = 0.05f, .noise_scale = 0.3f};
    const auto reference = walk(quadratic(dim, 1.0f), options, 101, 23);
    for (const int threads : {2, 3, 7}) {
      EXPECT_EQ(walk(quadratic(dim, 1.0f), options, 101, 23, threads), reference) << dim;
    }
    EXPECT_EQ(walk(quadratic(dim, 1.0f, 2), options, 101, 23, 2), reference) << dim;
    EXPECT_EQ(walk(quadratic(dim, 1.0f), options, 101, 23, 1, 7), reference) << dim;
    // A chain does not know how many there are.
    const auto fewer = walk(quadratic(dim, 1.0f), options, 20, 23);
    EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), reference.begin())) << dim;
  }
}

std::string divergence_of(const Energy& energy, const LangevinOptions& options) {
  try {
    walk(energy, options, 40, 30);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(LangevinTest, NonFiniteChainIsNamedEvenBehindClampAndBox) {
  const CoordinateEnergy holes(
      1, [](float) { return 0.0f; },
      [](float x) { return x > 0.299f && x < 0.301f ? std::nanf("") : 0.0f; });
  const LangevinOptions clamped{.step_size = 0.1f, .clamp_energy_grad = 0.1f, .box = Box{-1, 1}};
  EXPECT_EQ(divergence_of(holes, clamped),
            "chain 30 became non-finite (NaN or infinity) at step 1: energy_grad[0] is nan; "
            "step_size 0.1 is too "
            "large for this energy: take a smaller one");
  const CoordinateEnergy infinite(
      1, [](float x) { return x > 0.299f ? INFINITY : 0.0f; }, [](float) { return 0.0f; });
  EXPECT_NE(divergence_of(infinite, clamped)
                .find("chain 30 became non-finite (NaN or infinity) at step 1: energy is inf"),
            std::string::npos);
}

TEST(LangevinTest, AdvanceAllocatesNothing) {
  // In registers, and step by step: without a walk of the energy's own, with walls, without noise.
  const DoubleWell wells(2);
  for (const std::int64_t n_blocks : {1, 42}) {
    for (const bool reflects : {false, true}) {
      for (const float noise_scale : {0.1f, 0.0f}) {
        for (const std::int64_t dim : {2, 3}) {
          const CoordinateEnergy coordinates = quadratic(dim, 1.0f);
          const Energy& energy = dim == 2 ? static_cast<const Energy&>(wells) : coordinates;
          ChainStore chains(n_blocks * kLanes, dim);
          const auto evaluator = energy.make_evaluator(n_blocks);
          LangevinOptions options{
              .step_size = 0.01f, .noise_scale = noise_scale, .box = Box{-1, 1}};
          if (reflects) options.box_rule = BoxRule::kReflect;
          const Langevin kernel(options);
          const Allocations allocations;
          const StepInfo info = kernel.advance(chains.blocks(0, n_blocks), *evaluator, {}, 7);
          EXPECT_EQ(allocations.count(), 0) << n_blocks << ' ' << reflects << ' ' << noise_scale;
          EXPECT_EQ(info.n_steps, 7);
        }
      }
    }
  }
}

TEST(LangevinTest, TooLargeAStepIsDivergence) {
  const DoubleWell well(1);
  ChainStore chains(4096, 1);
  std::vector<float> rows(4096, 2.5f);
  chains.load_rows(rows);
  try {
    run_chains(well, Langevin({.step_size = 0.1f, .noise_scale = 0.4f}), chains, {.n_steps = 100});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.code()), 71);
  }
}

TEST(LangevinTest, OptionsAreRefusedByName) {
  const auto message = [](const LangevinOptions& options) {
    try {
      const Langevin kernel(options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({.step_size = -1.0f}), "step_size = -1: must be a positive number");
  EXPECT_EQ(message({.step_size = 1.0f, .noise_scale = -1.0f}),
            "noise_scale = -1: must be 0 or a positive number");
  EXPECT_NE(message({.step_size = NAN}), "");
  EXPECT_NE(message({.step_size = 1.0f, .clamp_energy_grad = 0.0f}), "");
  EXPECT_NE(message({.step_size = 1.0f, .box = Box{1, -1}}), "");
  EXPECT_EQ(message({}), "");
}

TEST(LangevinTest, TemperatureAndNoiseScaleAreInverse) {
  EXPECT_FLOAT_EQ(noise_scale_of(0.01f, 1.0f), std::sqrt(0.02f));
  EXPECT_FLOAT_EQ(effective_temperature(10.0f, 0.005f), 1.25e-6f);
  EXPECT_FLOAT_EQ(effective_temperature(0.1f, noise_scale_of(0.1f, 0.7f)), 0.7f);
}

}  // namespace
}  // namespace ebm::samplers
