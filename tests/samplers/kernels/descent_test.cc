#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kDescentDim = 2, kDescentChains = 20;
constexpr float kCurvature = 1.5f;

std::vector<float> starts() {
  std::vector<float> rows(kDescentChains * kDescentDim);
  draw_initial_states({.seed = 5}, 0, kDescentDim, std::nullopt, rows);
  return rows;
}

ChainStore started() {
  ChainStore chains(kDescentChains, kDescentDim);
  chains.load_rows(starts());
  return chains;
}

std::vector<float> descend(const Kernel& kernel, std::int64_t n_steps) {
  ChainStore chains = started();
  run_chains(quadratic(kDescentDim, kCurvature), kernel, chains,
             {.n_steps = n_steps, .key = {.seed = 2}});
  std::vector<float> rows(kDescentChains * kDescentDim);
  chains.store_rows(rows);
  return rows;
}

TEST(GradientDescentTest, FollowsTheClosedRecursion) {
  const std::vector<float> before = starts();
  const std::vector<float> after = descend(GradientDescent({.step_size = 0.1f}), 12);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_NEAR(after[i], before[i] * std::pow(1.0 - 0.1 * double{kCurvature}, 12), 1e-6);
  }
}

TEST(NesterovTest, FollowsItsRecursionForFiftySteps) {
  for (const float momentum : {0.0f, 0.5f, 0.9f}) {
    const std::vector<float> before = starts();
    const std::vector<float> after =
        descend(Nesterov({.step_size = 0.05f, .momentum = momentum}), 50);
    double change = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
      double x = before[i], v = 0;
      for (int step = 0; step < 50; ++step) {
        const double grad = double{kCurvature} * x;
        v = double{momentum} * v + grad;
        x -= double{0.05f} * (grad + double{momentum} * v);
      }
      EXPECT_NEAR(after[i], x, 2e-6);
      change = std::max(change, std::abs(x - before[i]));
    }
    EXPECT_GT(change, 0.1);
  }
}

TEST(NesterovTest, RestartsChainsWhoseVelocityLeadsUphill) {
  const std::vector<float> before = starts();
  const NesterovOptions options{.step_size = 0.05f, .momentum = 0.99f, .restart = true};
  const std::vector<float> after = descend(Nesterov(options), 50);
  int restarts = 0;
  double farthest = 0.0;
  for (std::size_t i = 0; i < after.size(); i += kDescentDim) {
    double x[2] = {before[i], before[i + 1]}, v[2] = {};
    for (int step = 0; step < 50; ++step) {
      const double grad[2] = {double{kCurvature} * x[0], double{kCurvature} * x[1]};
      if (grad[0] * v[0] + grad[1] * v[1] < 0.0) {
        v[0] = v[1] = 0.0;
        ++restarts;
      }
      for (int d = 0; d < 2; ++d) {
        v[d] = double{0.99f} * v[d] + grad[d];
        x[d] -= double{0.05f} * (grad[d] + double{0.99f} * v[d]);
      }
    }
    EXPECT_NEAR(after[i], x[0], 2e-6);
    EXPECT_NEAR(after[i + 1], x[1], 2e-6);
    farthest = std::max({farthest, std::abs(x[0]), std::abs(x[1])});
  }
  EXPECT_GE(restarts, kDescentChains);
  // Without restarts the same momentum still swings.
  NesterovOptions swings = options;
  swings.restart = false;
  double swing = 0.0;
  for (const float x : descend(Nesterov(swings), 50)) swing = std::max(swing, std::abs(double{x}));
  EXPECT_LT(farthest, 0.1 * swing);
}

TEST(NesterovTest, StaysInItsBox) {
  for (const float x : descend(Nesterov({.step_size = 0.05f, .box = Box{0.25f, 0.5f}}), 30)) {
    EXPECT_EQ(x, 0.25f);
  }
}

TEST(NesterovTest, LeavesItsBoxUntilAStep) {
  NesterovOptions options{.step_size = 0.05f, .box = Box{0.25f, 0.5f}, .first_step_in_box = 11};
  const std::vector<float> free = descend(Nesterov({.step_size = 0.05f}), 11);
  EXPECT_EQ(descend(Nesterov(options), 11), free);
  EXPECT_LT(*std::ranges::min_element(free), 0.25f);
  std::vector<float> clamped = descend(Nesterov({.step_size = 0.05f}), 12);
  for (float& x : clamped) x = std::clamp(x, 0.25f, 0.5f);
  EXPECT_EQ(descend(Nesterov(options), 12), clamped);
  options.first_step_in_box = -1;
  EXPECT_THROW(Nesterov{options}, Error);
}

TEST(AnnealedTest, IsTheKernelAtTheTemperatureAndStepSizeOfEachStep) {
  const Schedule temperature{Schedule::Shape::kGeometric, 2.0, 0.1};
  const Schedule step_size{Schedule::Shape::kCosine, 0.2, 0.01};
  const Annealed annealed([](float h, float t) { return kernel_of<Langevin>(langevin_at(h, t)); },
                          {.n_steps = 10, .temperature = temperature, .step_size = step_size});
  ChainStore by_hand = started();
  for (std::uint64_t step = 0; step < 14; ++step) {
    const Langevin kernel(langevin_at(static_cast<float>(step_size.at(step, 10)),
                                      static_cast<float>(temperature.at(step, 10))));
    run_chains(quadratic(kDescentDim, kCurvature), kernel, by_hand,
               {.n_steps = 1, .first_step = step, .key = {.seed = 2}});
  }
  std::vector<float> expected(kDescentChains * kDescentDim);
  by_hand.store_rows(expected);
  EXPECT_EQ(descend(annealed, 14), expected);
}

TEST(AnnealedTest, WithConstantSchedulesIsTheBareKernel) {
  const AnnealedOptions constant{
      .n_steps = 10, .temperature = {.start = 0.5}, .step_size = {.start = 0.125}};
  const auto expect_bare = [&](const Annealed::MakeKernel& make) {
    EXPECT_EQ(descend(Annealed(make, constant), 9), descend(*make(0.125f, 0.5f), 9));
  };
  expect_bare([](float h, float t) { return kernel_of<Langevin>(langevin_at(h, t)); });
  expect_bare([](float h, float t) {
    return kernel_of<Hmc>(
        HmcOptions{.step_size = h, .n_leapfrog = 5, .jitter = 1, .temperature = t});
  });
  expect_bare([](float h, float t) {
    return kernel_of<Underdamped>(UnderdampedOptions{.step_size = h, .temperature = t});
  });
}

}  // namespace
}  // namespace ebm::samplers
