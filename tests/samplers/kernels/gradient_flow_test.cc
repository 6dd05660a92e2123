#include "samplers/kernels/gradient_flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kFlowDim = 3;

/// E = ½·Σ k_i·x_i², k = (0.5, 1, 2).
DiagonalGaussian flow_bowls() {
  return DiagonalGaussian({0.0f, 0.0f, 0.0f}, {std::sqrt(2.0f), 1.0f, std::sqrt(0.5f)});
}
constexpr double kBowls[] = {0.5, 1.0, 2.0};

std::vector<float> flow_starts(std::int64_t n) {
  std::vector<float> rows(static_cast<std::size_t>(n * kFlowDim));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = 2.0f * std::sin(1.7f * static_cast<float>(i) + 0.3f);
  }
  return rows;
}

std::vector<float> flow_walked(const GradientFlowOptions& options, std::int64_t n,
                               const std::vector<std::int64_t>& pieces) {
  ChainStore chains(n, kFlowDim);
  chains.load_rows(flow_starts(n));
  const GradientFlow kernel(options);
  if (kernel.keeps_momentum()) chains.require_momentum();
  std::uint64_t done = 0;
  for (const std::int64_t steps : pieces) {
    run_chains(flow_bowls(), kernel, chains,
               {.n_steps = steps, .first_step = done, .key = {.seed = 5}, .n_threads = 2});
    done += static_cast<std::uint64_t>(steps);
  }
  std::vector<float> rows(static_cast<std::size_t>(n * kFlowDim));
  chains.store_rows(rows);
  return rows;
}

/// Of a step h of Heun's method on E = ½·k·x²: x -> (1 − hk + h²k²/2)·x.
double heun_factor(double h, double k) { return 1.0 - h * k + 0.5 * h * h * k * k; }

TEST(GradientFlowTest, FollowsHeunsMethodAndThenDescends) {
  // 1/0.3: three whole steps and one of 0.1.
  const GradientFlowOptions options{.step_size = 0.3f};
  EXPECT_EQ(options.flow_steps(), 4);
  const std::vector<float> from = flow_starts(20), flown = flow_walked(options, 20, {4}),
                           after = flow_walked(options, 20, {6});
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double k = kBowls[i % kFlowDim];
    const double factor = std::pow(heun_factor(0.3, k), 3) * heun_factor(0.1, k);
    EXPECT_NEAR(flown[i], factor * from[i], 2e-6);
    EXPECT_NEAR(after[i], factor * std::pow(1.0 - 0.3 * k, 2) * from[i], 2e-6);
  }
}

/// ½(1 + t)·x² at a time t, the last number of the context; the first is to stay 7.
class TimedBowl : public Energy {
 public:
  std::int64_t dim() const override { return 1; }
  std::int64_t context_dim() const override { return 2; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    class Each : public Evaluator {
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        const std::size_t width = kLanes;
        for (std::size_t i = 0; i < energy.size(); ++i) {
          const std::size_t at = i / width * 2 * width + i % width;
          EXPECT_EQ(chains.context[at], 7.0f);
          const float k = 1.0f + chains.context[at + width];
          energy[i] = 0.5f * k * chains.x[i] * chains.x[i];
          energy_grad[i] = k * chains.x[i];
        }
      }
    };
    return std::make_unique<Each>();
  }
};

TEST(GradientFlowTest, SetsTheTimeOfAStepsStart) {
  constexpr std::size_t kN = 20;
  const GradientFlow kernel({.step_size = 0.3f, .sets_time = true});
  for (const std::vector<std::int64_t>& pieces :
       {std::vector<std::int64_t>{6}, std::vector<std::int64_t>{2, 3, 1}}) {
    ChainStore chains(kN, 1, 2);
    std::vector<float> rows(kN, 1.0f), contexts;
    for (std::size_t i = 0; i < kN; ++i) contexts.insert(contexts.end(), {7.0f, -5.0f});
    chains.load_rows(rows);
    chains.load_context(contexts);
    chains.require_momentum();
    std::uint64_t done = 0;
    for (const std::int64_t steps : pieces) {
      run_chains(TimedBowl(), kernel, chains,
                 {.n_steps = steps, .first_step = done, .key = {.seed = 5}, .n_threads = 2});
      done += static_cast<std::uint64_t>(steps);
    }
    chains.store_rows(rows);
    const double flow = heun_factor(0.3, 1.0) * heun_factor(0.3, 1.3) * heun_factor(0.3, 1.6) *
                        heun_factor(0.1, 1.9);
    for (const float x : rows) EXPECT_NEAR(x, flow * std::pow(1.0 - 0.3 * 2.0, 2), 2e-6);
  }
}

TEST(GradientFlowTest, ItsErrorFallsWithTheSquareOfTheStep) {
  // The flow itself is x(1) = e^(−k)·x(0); the error of the method is about k³h²/6·e^(−k).
  const auto error_of = [](float h) {
    const std::vector<float> from = flow_starts(1),
                             end = flow_walked({.step_size = h}, 1,
                                               {GradientFlowOptions{.step_size = h}.flow_steps()});
    return std::abs(double{end[2]} - std::exp(-2.0) * double{from[2]}) / std::abs(double{from[2]});
  };
  const double coarse = error_of(0.1f), fine = error_of(0.05f);
  EXPECT_NEAR(coarse, 8.0 / 6.0 * 0.01 * std::exp(-2.0), 0.3 * coarse);
  EXPECT_NEAR(coarse / fine, 4.0, 0.5);
}

TEST(GradientFlowTest, HoldsTheBoxFromTheEndOfTheFlowOnAlone) {
  const GradientFlowOptions options{
      .step_size = 0.25f, .noise_scale = 0.5f, .box = Box{-0.2f, 0.2f}};
  const auto largest = [&](std::int64_t steps) {
    float most = 0.0f;
    for (const float x : flow_walked(options, 40, {steps})) most = std::max(most, std::abs(x));
    return most;
  };
  EXPECT_GT(largest(3), 0.2f);
  EXPECT_EQ(largest(4), 0.2f);
  EXPECT_EQ(largest(9), 0.2f);
}

TEST(GradientFlowTest, MayBeCutAnywhere) {
  const GradientFlowOptions options{.step_size = 0.3f, .noise_scale = 0.4f};
  const std::vector<float> whole = flow_walked(options, 37, {9});
  EXPECT_EQ(flow_walked(options, 37, {1, 2, 1, 3, 2}), whole);
  EXPECT_EQ(flow_walked(options, 37, {3, 4, 2}), whole);
}

TEST(GradientFlowTest, StepsThatDivideTheTimeAreWhole) {
  for (const int n : {1, 3, 25, 49, 5000, 10'000, 100'000}) {
    EXPECT_EQ(GradientFlowOptions{.step_size = 1.0f / static_cast<float>(n)}.flow_steps(), n);
  }
}

TEST(GradientFlowTest, RefusesWhatItCannotFollow) {
  EXPECT_THROW(GradientFlow({.step_size = 0.0f}), Error);
  EXPECT_THROW(GradientFlow({.flow_time = 0.0f}), Error);
  EXPECT_THROW(GradientFlow({.flow_time = INFINITY}), Error);
  EXPECT_THROW(GradientFlow({.noise_scale = -1.0f}), Error);
  EXPECT_THROW(GradientFlow({.step_size = 1e-20f}), Error);
  EXPECT_THROW(
      make_kernel({.sampler = SamplerKind::kAnnealed, .inner = SamplerKind::kGradientFlow}), Error);
}

}  // namespace
}  // namespace ebm::samplers
