#include "evaluation/density/flow_density.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "tests/evaluation/density/level_gaussian.h"

namespace ebm::evaluation {
namespace {

constexpr double kFlowLowest = 0.02, kFlowHighest = 10.0;

FlowDensityOptions flow_options() {
  return {.levels = {.highest = static_cast<float>(kFlowHighest),
                     .lowest = static_cast<float>(kFlowLowest)}};
}

std::span<const float> flow_row(const std::vector<float>& rows, std::size_t row, std::int64_t dim) {
  return std::span(rows).subspan(row * static_cast<std::size_t>(dim),
                                 static_cast<std::size_t>(dim));
}

// Constants of the energy that differ between levels do not matter.
TEST(FlowDensityTest, IsThatOfAGaussian) {
  for (const std::int64_t dim : {1, 2, 7}) {
    const LevelGaussian energy(
        {.dim = dim, .mean = 0.4, .a = 0.2, .b = 0.3, .constant = 5.0, .constant_slope = 2.0});
    const auto rows = spread_rows(40, dim, 0.9, 3);
    const FlowDensities found = flow_densities(energy, rows, flow_options());
    for (std::size_t row = 0; row < 40; ++row) {
      const double low = energy.log_density(flow_row(rows, row, dim), kFlowLowest);
      const double high = energy.log_density(flow_row(found.ends, row, dim), kFlowHighest);
      EXPECT_NEAR(found.log_ratio[row] + high, low, 1e-3) << dim << ", " << row;
    }
  }
}

/// −ln of ½N(−1, s²I) + ½N(1, s²I) with noise of σ, the context, in two dimensions.
class TwoHeaps : public samplers::Energy {
 public:
  std::int64_t dim() const override { return 2; }
  std::int64_t context_dim() const override { return 1; }
  static double log_density(std::span<const float> x, double sigma) {
    const double v = 0.09 + sigma * sigma, sum = double{x[0]} + double{x[1]};
    const double squares = double{x[0]} * double{x[0]} + double{x[1]} * double{x[1]} + 2.0;
    return -squares / (2.0 * v) + std::abs(sum) / v +
           std::log1p(std::exp(-2.0 * std::abs(sum) / v)) - std::log(2.0) -
           std::log(2.0 * std::numbers::pi * v);
  }
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : samplers::Evaluator {
      void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        const auto lanes = static_cast<std::size_t>(samplers::kLanes);
        for (std::size_t chain = 0; chain < energy.size(); ++chain) {
          const std::size_t first = chain / lanes * 2 * lanes + chain % lanes;
          const float x[2] = {chains.x[first], chains.x[first + lanes]};
          const double sigma = double{chains.context[chain]}, v = 0.09 + sigma * sigma;
          const double pull = std::tanh((double{x[0]} + double{x[1]}) / v);
          energy[chain] = static_cast<float>(-log_density(x, sigma));
          energy_grad[first] = static_cast<float>((double{x[0]} - pull) / v);
          energy_grad[first + lanes] = static_cast<float>((double{x[1]} - pull) / v);
        }
      }
    };
    return std::make_unique<Each>();
  }
};

TEST(FlowDensityTest, IsThatOfAMixture) {
  const TwoHeaps energy;
  const auto rows = spread_rows(60, 2, 1.0, 4);
  FlowDensityOptions options = flow_options();
  options.n_steps = 100;
  const FlowDensities found = flow_densities(energy, rows, options);
  for (std::size_t row = 0; row < 60; ++row) {
    const double low = TwoHeaps::log_density(flow_row(rows, row, 2), kFlowLowest);
    const double high = TwoHeaps::log_density(flow_row(found.ends, row, 2), kFlowHighest);
    EXPECT_NEAR(found.log_ratio[row] + high, low, 2e-3) << row;
  }
}

TEST(FlowDensityTest, ProbesAreRightOnAverage) {
  constexpr std::int64_t kDim = 80;
  constexpr std::size_t kN = 200;
  const LevelGaussian energy({.dim = kDim, .mean = 0.0, .a = 0.2, .b = 0.02});
  const auto rows = spread_rows(kN, kDim, 0.5, 5);
  double spread[2] = {};
  for (const std::int64_t probes : {1, 4}) {
    FlowDensityOptions options = flow_options();
    options.n_probes = probes;
    const FlowDensities found = flow_densities(energy, rows, options);
    double mean = 0.0, squares = 0.0;
    for (std::size_t row = 0; row < kN; ++row) {
      const double error = found.log_ratio[row] +
                           energy.log_density(flow_row(found.ends, row, kDim), kFlowHighest) -
                           energy.log_density(flow_row(rows, row, kDim), kFlowLowest);
      mean += error / kN;
      squares += error * error / kN;
    }
    const double sd = std::sqrt(squares - mean * mean);
    EXPECT_LT(std::abs(mean), 4.0 * sd / std::sqrt(static_cast<double>(kN)) + 5e-3);
    EXPECT_GT(sd, 0.01);
    spread[probes == 4] = sd;
  }
  EXPECT_NEAR(spread[0] / spread[1], 2.0, 0.4);
}

TEST(FlowDensityTest, BitsDependOnTheRowAloneNotOnThreads) {
  constexpr std::int64_t kDim = 70;
  const LevelGaussian energy({.dim = kDim});
  const auto rows = spread_rows(300, kDim, 0.5, 6);
  FlowDensityOptions options = flow_options();
  options.n_steps = 3;
  const FlowDensities one = flow_densities(energy, rows, options);
  for (const int threads : {2, 3, 7}) {
    options.n_threads = threads;
    const FlowDensities other = flow_densities(energy, rows, options);
    EXPECT_EQ(other.log_ratio, one.log_ratio);
    EXPECT_EQ(other.ends, one.ends);
  }
  const FlowDensities first =
      flow_densities(energy, std::span(rows).first(static_cast<std::size_t>(17 * kDim)), options);
  for (std::size_t row = 0; row < 17; ++row) EXPECT_EQ(first.log_ratio[row], one.log_ratio[row]);
}

std::string flow_refusal(const samplers::Energy& energy, const std::vector<float>& rows,
                         const FlowDensityOptions& options) {
  try {
    flow_densities(energy, rows, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FlowDensityTest, RefusesWhatHasNoLevelsAndWrongOptions) {
  const LevelGaussian energy({.dim = 2});
  FlowDensityOptions options = flow_options();
  EXPECT_EQ(flow_refusal(energy, {1.0f, 2.0f, 3.0f}, options),
            "the rows have 3 values; expected rows of 2");
  const samplers::DiagonalGaussian plain({0.0f, 0.0f}, {1.0f, 1.0f});
  EXPECT_NE(flow_refusal(plain, {1.0f, 2.0f}, options).find("no level of noise"),
            std::string::npos);
  options.n_steps = 0;
  EXPECT_TRUE(flow_refusal(energy, {1.0f, 2.0f}, options).starts_with("steps = 0"));
  options = flow_options();
  options.levels.lowest = 20.0f;
  EXPECT_TRUE(flow_refusal(energy, {1.0f, 2.0f}, options).starts_with("level_min = 20"));
  const std::vector<float> wild{1.0f, NAN};
  EXPECT_TRUE(
      flow_refusal(energy, wild, flow_options()).starts_with("the probability flow of row 0"));
}

}  // namespace
}  // namespace ebm::evaluation
