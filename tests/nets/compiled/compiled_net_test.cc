#include "nets/compiled/compiled_net.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/random.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/allocations.h"

namespace ebm::nets {
namespace {

LayerWeights drawn_weights(const Architecture& architecture) {
  LayerWeights weights;
  for (const Parameter& parameter : parameters(architecture)) {
    if (!parameter.trainable()) continue;
    base::RandomStream stream({.seed = 5}, weights.size());
    auto& values = weights.emplace_back(static_cast<std::size_t>(parameter.size()));
    const auto bound = static_cast<float>(1 / std::sqrt(static_cast<double>(parameter.fan_in)));
    for (float& value : values) value = bound * (2 * stream.next_uniform() - 1);
  }
  return weights;
}

/// Every kind of layer, strides, odd sizes and a nested residual.
Architecture strided_net() {
  const auto conv = [](std::int64_t out, std::int64_t kernel, std::int64_t stride) {
    Conv2d layer;
    layer.out_channels = out;
    layer.kernel_height = layer.kernel_width = kernel;
    layer.stride = stride;
    const std::int64_t pad = kernel / 2;
    layer.padding = {pad, pad, pad, pad};
    return layer;
  };
  const Residual inner{{conv(9, 3, 1), Activation{ActivationKind::kElu, 1.0}}, {}};
  return {.name = "small",
          .input = {2, 9, 7},
          .layers = {conv(9, 3, 1), Activation{}, Residual{{inner, conv(9, 1, 1)}, {conv(9, 3, 1)}},
                     AvgPool{3, 2}, Activation{ActivationKind::kSoftplus, 1.0}, conv(5, 3, 2),
                     Flatten{}, Linear{.out_features = 4}, Activation{}, Linear{}}};
}

std::vector<float> walk(const samplers::Energy& energy, int n_threads) {
  constexpr std::int64_t kChains = 101;
  samplers::ChainStore chains(kChains, energy.dim());
  std::vector<float> rows(static_cast<std::size_t>(kChains * energy.dim()));
  samplers::draw_initial_states({.seed = 1}, 0, energy.dim(), samplers::Box{-1, 1}, rows);
  chains.load_rows(rows);
  const samplers::Langevin kernel(
      {.step_size = 0.1f, .noise_scale = 0.05f, .box = samplers::Box{-1, 1}});
  samplers::run_chains(energy, kernel, chains,
                       {.n_steps = 7, .key = {.seed = 2}, .n_threads = n_threads});
  chains.store_rows(rows);
  return rows;
}

TEST(CompiledNetTest, ChainsDoNotDependOnThreads) {
  const Architecture architecture = strided_net();
  const CompiledNet net(architecture, drawn_weights(architecture));
  const std::vector<float> reference = walk(net, 1);
  for (const int threads : {2, 3, 7}) EXPECT_EQ(walk(net, threads), reference) << threads;
}

TEST(CompiledNetTest, GradientsAreDifferenceQuotientsOfTheEnergy) {
  const Architecture architecture = strided_net();
  const CompiledNet net(architecture, drawn_weights(architecture));
  const std::int64_t dim = net.dim();
  std::vector<float> rows(static_cast<std::size_t>(samplers::kLanes * dim));
  samplers::draw_initial_states({.seed = 3}, 0, dim, samplers::Box{-1, 1}, rows);
  // Chains 2d and 2d + 1 stand at ±h from chain 15 along coordinate 9·d.
  constexpr float kOffset = 1e-2f;
  for (std::int64_t i = 0; i < 14 * dim; ++i)
    rows[static_cast<std::size_t>(i)] = rows[static_cast<std::size_t>(15 * dim + i % dim)];
  for (std::int64_t d = 0; d < 7; ++d) {
    rows[static_cast<std::size_t>(2 * d * dim + 9 * d)] += kOffset;
    rows[static_cast<std::size_t>((2 * d + 1) * dim + 9 * d)] -= kOffset;
  }
  samplers::ChainStore chains(samplers::kLanes, dim);
  chains.load_rows(rows);
  samplers::evaluate_chains(net, chains, 1);
  const samplers::ChainBlocks block = chains.blocks(0, 1);
  for (std::size_t d = 0; d < 7; ++d) {
    const float quotient = (block.energy[2 * d] - block.energy[2 * d + 1]) / (2 * kOffset);
    EXPECT_NEAR(block.energy_grad[9 * d * samplers::kLanes + 15], quotient, 2e-4f) << d;
  }
}

TEST(CompiledNetTest, WeightGradientsAreDifferenceQuotientsForAnyNumberOfThreads) {
  const Architecture architecture = strided_net();
  LayerWeights weights = drawn_weights(architecture);
  std::vector<float> rows(static_cast<std::size_t>(37 * architecture.input.size()));
  samplers::draw_initial_states({.seed = 3}, 0, architecture.input.size(), samplers::Box{-1, 1},
                                rows);
  const auto coefficient = [](std::int64_t row, float) { return row % 3 == 0 ? 1.0f : -0.5f; };
  const auto found = weight_gradient({architecture, weights}, rows, coefficient, 1);
  for (const int threads : {2, 3, 7}) {
    const auto other = weight_gradient({architecture, weights}, rows, coefficient, threads);
    EXPECT_EQ(other.gradient, found.gradient);
    EXPECT_EQ(other.energies, found.energies);
  }
  const auto loss = [&] {
    const auto at = weight_gradient({architecture, weights}, rows, coefficient, 1);
    double sum = 0;
    for (std::size_t row = 0; row < at.energies.size(); ++row) {
      sum += double{coefficient(static_cast<std::int64_t>(row), 0)} * at.energies[row];
    }
    return sum;
  };
  for (std::size_t layer = 0; layer < weights.size(); ++layer) {
    float& weight = weights[layer][weights[layer].size() / 2];
    const float before = weight;
    constexpr float kOffset = 1e-2f;
    weight = before + kOffset;
    const double above = loss();
    weight = before - kOffset;
    const double below = loss();
    weight = before;
    const double quotient = (above - below) / (2 * double{kOffset});
    EXPECT_NEAR(double{found.gradient[layer][weights[layer].size() / 2]}, quotient,
                2e-3 * (1 + std::abs(quotient)))
        << layer;
  }
}

TEST(CompiledNetTest, MemoryThatAThreadOfAWeightGradientCannotHaveIsTheCallersError) {
  const Architecture architecture = strided_net();
  Plan plan = make_plan(architecture);
  plan.workspace = std::int64_t{1} << 58;  // 2^62 floats: more than a vector can hold
  const CompiledNet net(std::make_shared<const Plan>(plan), drawn_weights(architecture));
  const std::vector<float> rows(static_cast<std::size_t>(33 * net.dim()));
  const auto one = [](std::int64_t, float) { return 1.0f; };
  for (const int n_threads : {1, 3}) {
    EXPECT_THROW(weight_gradient(net, rows, one, n_threads), std::length_error);
  }
}

TEST(CompiledNetTest, NewWeightsTakeThePlaceOfTheOldWithoutMemory) {
  Architecture winograd{.name = "w", .input = {8, 16, 16}, .layers = {}};
  for (const std::int64_t stride : {1, 2}) {
    winograd.layers.push_back(Conv2d{.out_channels = 40,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .stride = stride,
                                     .padding = {1, 1, 1, 1}});
  }
  winograd.layers.insert(winograd.layers.end(), {Flatten{}, Linear{}});
  for (const Architecture& architecture : {strided_net(), winograd}) {
    const LayerWeights weights = drawn_weights(architecture);
    LayerWeights others = weights;
    for (auto& values : others) {
      for (float& value : values) value = 0.5f - value;
    }
    CompiledNet net(architecture, others);
    EXPECT_NE(walk(net, 2), walk(CompiledNet(architecture, weights), 2));
    const samplers::Allocations allocations;
    net.set_weights(weights);
    EXPECT_EQ(allocations.count(), 0);
    EXPECT_EQ(walk(net, 2), walk(CompiledNet(architecture, weights), 2));
  }
}

TEST(CompiledNetTest, ThreadsKeepTheirMemoryFromOneRunToTheNext) {
  const Architecture architecture = strided_net();
  const CompiledNet net(architecture, drawn_weights(architecture));
  std::vector<float> rows(static_cast<std::size_t>(101 * net.dim()), 0.25f);
  const auto one = [](std::int64_t, float) { return 1.0f; };
  // On one thread: of several, one may get its first work, and memory, in any run.
  weight_gradient(net, rows, one, 1);
  walk(net, 1);
  const std::int64_t workspace = net.plan().workspace * samplers::kLanes * 4;
  {
    const samplers::Allocations allocations;
    walk(net, 1);
    EXPECT_LT(allocations.largest(), workspace / 2);
  }
  const samplers::Allocations allocations;
  const WeightGradient found = weight_gradient(net, rows, one, 1);
  std::size_t n_weights = 0;
  for (const auto& values : found.gradient) n_weights += values.size();
  EXPECT_LT(allocations.largest(), workspace / 2);
  EXPECT_LT(allocations.bytes(), static_cast<std::int64_t>(4 * n_weights) + 4000);
}

TEST(CompiledNetTest, WeightsThatDoNotFitAreRefused) {
  const Architecture architecture = strided_net();
  LayerWeights weights = drawn_weights(architecture);
  weights[0].pop_back();
  EXPECT_THROW(CompiledNet(architecture, weights), Error);
  weights = drawn_weights(architecture);
  weights.pop_back();
  EXPECT_THROW(CompiledNet(architecture, weights), Error);
  weights = drawn_weights(architecture);
  weights.push_back({1.0f});
  EXPECT_THROW(CompiledNet(architecture, weights), Error);
}

}  // namespace
}  // namespace ebm::nets
