#include "samplers/box.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "samplers/kernels/hmc.h"
#include "samplers/kernels/underdamped.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/kernels/reference_chain.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kBoxWalkDim = 3, kBoxWalkChains = 48;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

CoordinateEnergy flat() {
  return {kBoxWalkDim, [](float) { return 0.0f; }, [](float) { return 0.0f; }};
}

/// Where a straight flight ends that bounces off walls one by one.
double bounced(double x, const Box& box) {
  while (x < double{box.low} || x > double{box.high}) {
    x = x < double{box.low} ? 2 * double{box.low} - x : 2 * double{box.high} - x;
  }
  return x;
}

TEST(BoxTest, AFreeFlightBouncesAsOftenAsItHasTo) {
  for (const Box& box : {Box{-0.5f, 0.75f}, Box{-0.05f, 0.1f}, Box{-0.25f, kInfinity},
                         Box{-kInfinity, 0.25f}, Box{-kInfinity, kInfinity}, Box{-3e38f, 0.1f}}) {
    const base::RandomKey key{.seed = 6};
    ChainStore chains(kBoxWalkChains, kBoxWalkDim);
    // Momenta have to flip with the bounces, or the later legs go elsewhere.
    const RunInfo run = run_chains(flat(), Hmc({.step_size = 0.4f, .n_leapfrog = 4, .box = box}),
                                   chains, {.n_steps = 1, .key = key});
    EXPECT_EQ(run.total().n_accepted, kBoxWalkChains);
    EXPECT_EQ(run.total().acceptance(), 1.0);
    std::vector<float> rows(kBoxWalkChains * kBoxWalkDim);
    chains.store_rows(rows);
    for (std::uint64_t chain = 0; chain < kBoxWalkChains; ++chain) {
      const auto z = normals_of_step(key, chain, 0, kBoxWalkDim);
      for (std::size_t d = 0; d < kBoxWalkDim; ++d) {
        const float x = rows[chain * kBoxWalkDim + d];
        EXPECT_GE(x, box.low);
        EXPECT_LE(x, box.high);
        EXPECT_NEAR(x, bounced(1.6 * z[d], box), 2e-6) << box.low << " to " << box.high;
      }
    }
  }
}

TEST(BoxTest, NoKernelLeavesIt) {
  const Box box{-0.3f, 0.4f};
  LangevinOptions reflected = langevin_at(0.3f, 1.0f);
  reflected.box = box;
  LangevinOptions clamped = reflected;
  reflected.box_rule = BoxRule::kReflect;
  std::vector<KernelPointer> kernels;
  kernels.push_back(kernel_of<Langevin>(reflected));
  kernels.push_back(kernel_of<Langevin>(clamped));
  kernels.push_back(kernel_of<Mala>(MalaOptions{.step_size = 0.3f, .box = box}));
  kernels.push_back(kernel_of<Hmc>(HmcOptions{.step_size = 0.5f, .box = box}));
  kernels.push_back(kernel_of<Underdamped>(UnderdampedOptions{.step_size = 0.5f, .box = box}));
  for (const KernelPointer& kernel : kernels) {
    ChainStore chains(kBoxWalkChains, kBoxWalkDim);
    std::vector<float> trace(50 * kBoxWalkChains * kBoxWalkDim);
    run_chains(quadratic(kBoxWalkDim, -1.0f), *kernel, chains,
               {.n_steps = 50, .trace = {.x = trace}});
    for (const float x : trace) {
      ASSERT_GE(x, box.low);
      ASSERT_LE(x, box.high);
    }
  }
}

TEST(BoxTest, AMomentumFlipsWithTheBounces) {
  // Without friction or force, speed is kept and its sign is that of the last leg.
  const base::RandomKey key{.seed = 6};
  ChainStore chains(kBoxWalkChains, 1);
  chains.require_momentum();
  ChainBlocks blocks = chains.blocks(0, chains.n_blocks());
  for (std::size_t i = 0; i < blocks.momentum.size(); ++i) {
    blocks.momentum[i] = 0.1f * static_cast<float>(i);
  }
  const CoordinateEnergy energy(
      1, [](float) { return 0.0f; }, [](float) { return 0.0f; });
  const Underdamped kernel({.step_size = 2.0f, .friction = 0.0f, .box = Box{-0.5f, 0.5f}});
  run_chains(energy, kernel, chains, {.n_steps = 1, .key = key});
  for (std::size_t i = 0; i < kBoxWalkChains; ++i) {
    // Legs of length 1 from −0.5 on: after an even number of walls the chain runs upwards.
    const double way = 0.2 * static_cast<double>(i) + 0.5;
    if (std::abs(way - std::round(way)) < 1e-3) continue;
    const bool upwards = static_cast<std::int64_t>(std::floor(way)) % 2 == 0;
    EXPECT_FLOAT_EQ(blocks.momentum[i], (upwards ? 0.1f : -0.1f) * static_cast<float>(i)) << i;
  }
}

}  // namespace
}  // namespace ebm::samplers
