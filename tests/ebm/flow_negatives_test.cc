#include "ebm/flow_negatives.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "base/error.h"

namespace ebm {
namespace {

constexpr std::int64_t kFlowItems = 1000, kFlowItemSize = 3;

/// Keeps where chains start, and leaves them there.
class StartRecorder : public samplers::ChainDriver {
 public:
  void advance(std::span<float> rows, const samplers::Advance& steps) override {
    starts.emplace_back(rows.begin(), rows.end());
    advances.push_back(steps);
  }
  std::vector<std::vector<float>> starts;
  std::vector<samplers::Advance> advances;
};

/// Of which nothing but the chains is asked for.
class ChainsAlone : public EvaluatedNet {
 public:
  void update() override {}
  const nets::Architecture& architecture() const override { return net_; }
  WeightGradient weight_gradient(const nets::Rows& /*rows*/,
                                 const Coefficient& /*coefficient*/) const override {
    return {};
  }
  WeightGradient mixed_gradient(const nets::Rows& /*rows*/, const Direction& /*direction*/,
                                bool /*in_float32*/) const override {
    return {};
  }
  WeightGradient level_gradient(const nets::Rows& /*rows*/,
                                const LevelDirection& /*direction*/) const override {
    return {};
  }
  CurvatureGradient curvature_gradient(const nets::Rows& /*rows*/,
                                       std::span<const float> /*directions*/,
                                       float /*coefficient*/) const override {
    return {};
  }
  EnergyGradients energy_gradients(const nets::Rows& /*rows*/) const override { return {}; }
  samplers::ChainDriver& chain_driver() const override { return driver; }

  mutable StartRecorder driver;

 private:
  nets::Architecture net_;
};

TEST(FlowNegativesTest, ChainsStartFromDataAndFromNoiseOfTheirOwn) {
  TrainOptions options;
  options.batch_size = kFlowItems;
  options.step_size = 0.04;
  options.sample_steps = 36;
  options.iterations = 10;
  options.contrast_start = 0.5;
  const auto negatives = flow_negatives(options);
  Batch batch;
  batch.positives.assign(kFlowItems * kFlowItemSize, 0.25f);
  batch.normals.assign(kFlowItems * kFlowItemSize, 0.5f);  // x₀ of the regression
  const ChainsAlone net;
  training::RunCounters at;
  at.iteration = 4;
  negatives->draw(net, at, batch);
  EXPECT_TRUE(batch.negatives.empty());
  std::vector<float> before;
  for (at.iteration = 5; at.iteration < 7; ++at.iteration) {
    net.driver.starts.clear();
    net.driver.advances.clear();
    negatives->draw(net, at, batch);
    ASSERT_EQ(net.driver.starts.size(), 2u);
    // Half from data, by the Langevin steps that follow the flow, which takes 25 steps.
    EXPECT_EQ(net.driver.starts[0], std::vector<float>(kFlowItems / 2 * kFlowItemSize, 0.25f));
    EXPECT_EQ(net.driver.advances[0].first_step, 25u);
    EXPECT_EQ(net.driver.advances[0].n_steps, 36);
    // Half from N(0, I), from the beginning of the flow.
    const std::vector<float>& noise = net.driver.starts[1];
    EXPECT_EQ(net.driver.advances[1].first_step, 0u);
    ASSERT_EQ(std::ssize(noise), kFlowItems / 2 * kFlowItemSize);
    double mean = 0.0, square = 0.0;
    const double n = static_cast<double>(noise.size());
    for (const float x : noise) {
      mean += double{x} / n;
      square += double{x} * double{x} / n;
    }
    EXPECT_NEAR(mean, 0.0, 4.0 / std::sqrt(n));
    EXPECT_NEAR(square, 1.0, 4.0 * std::sqrt(2.0 / n));
    EXPECT_EQ(std::ranges::count(noise, 0.5f), 0);
    EXPECT_NE(noise, before);
    before = noise;
  }
}

}  // namespace
}  // namespace ebm
