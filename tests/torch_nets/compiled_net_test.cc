#include "nets/compiled_net.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "nets/presets.h"
#include "nets/weight_gradient.h"
#include "samplers/chain_block.h"
#include "tests/torch_nets/random_architecture.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {
namespace {
using samplers::kLanes;

nets::LayerWeights weights_of(const TorchNet& net) {
  nets::LayerWeights weights;
  for (const torch::Tensor& tensor : net.frozen_weights()) weights.push_back(to_vector(tensor));
  return weights;
}

/// Energies [n] and gradients [n, dim] in double precision by LibTorch.
struct Reference {
  torch::Tensor energy, grad;
};

Reference reference(const TorchNet& net, const torch::Tensor& rows) {
  std::vector<torch::Tensor> weights;
  for (const torch::Tensor& tensor : net.frozen_weights()) {
    weights.push_back(tensor.to(torch::kFloat64));
  }
  const auto x = rows.to(torch::kFloat64).requires_grad_(true);
  const auto energy = net.forward_with(weights, x);
  return {energy.detach(), torch::autograd::grad({energy.sum()}, {x})[0]};
}

torch::Tensor random_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  auto rows = torch::empty({n, dim});
  base::RandomStream stream({.seed = seed}, 0);
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    rows.data_ptr<float>()[i] = static_cast<float>(stream.next_normal());
  }
  return rows;
}

/// Energies and gradients of the compiled network, in rows.
Reference compiled(const nets::CompiledNet& net, const torch::Tensor& rows) {
  const std::int64_t n = rows.size(0), dim = rows.size(1), n_blocks = (n + kLanes - 1) / kLanes;
  samplers::ChainStore chains(n, dim);
  chains.load_rows({rows.data_ptr<float>(), static_cast<std::size_t>(n * dim)});
  const samplers::ChainBlocks blocks = chains.blocks(0, n_blocks);
  net.make_evaluator(n_blocks)->evaluate({n_blocks, blocks.x, {}}, blocks.energy,
                                         blocks.energy_grad);
  Reference found{torch::empty({n}), torch::empty({n, dim})};
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t block = i / kLanes, lane = i % kLanes;
    found.energy.data_ptr<float>()[i] = blocks.energy[static_cast<std::size_t>(i)];
    for (std::int64_t d = 0; d < dim; ++d) {
      found.grad.data_ptr<float>()[i * dim + d] =
          blocks.energy_grad[static_cast<std::size_t>((block * dim + d) * kLanes + lane)];
    }
  }
  return found;
}

/// The largest difference, in units of the largest entry.
double relative_error(const torch::Tensor& found, const torch::Tensor& expected) {
  const double scale = std::max(expected.abs().max().item<double>(), 1e-6);
  return (found.to(torch::kFloat64) - expected).abs().max().item<double>() / scale;
}

template <class Body>
void on_every_target(const Body& body) {
  const std::int64_t runnable = hwy::SupportedTargets() & HWY_TARGETS;
  for (int bit = 0; bit < 62; ++bit) {
    const std::int64_t target = std::int64_t{1} << bit;
    if ((runnable & target) == 0) continue;
    hwy::SetSupportedTargetsForTest(target);
    SCOPED_TRACE(hwy::TargetName(target));
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(CompiledNetTest, PresetsWithSmoothActivationsEqualLibTorchInDoublePrecision) {
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 3);
  const nets::CompiledNet plan(net.architecture(), weights_of(net));
  const torch::Tensor rows = random_rows(20, 784, 1);
  const Reference expected = reference(net, rows);
  on_every_target([&] {
    const Reference found = compiled(plan, rows);
    EXPECT_LT(relative_error(found.energy, expected.energy), 1e-5);
    EXPECT_LT(relative_error(found.grad, expected.grad), 1e-5);
  });
}

TEST(CompiledNetTest, PresetsWithKinksHaveTheEnergiesOfLibTorch) {
  for (const auto& [name, shape, n] : {std::tuple("mnistnet", nets::Shape{1, 28, 28}, 3),
                                       std::tuple("mlp", nets::Shape{2, 1, 1}, 40),
                                       std::tuple("igebm32", nets::Shape{3, 32, 32}, 1)}) {
    const TorchNet net(nets::preset(name, shape), 4);
    const nets::CompiledNet plan(net.architecture(), weights_of(net));
    const torch::Tensor rows = random_rows(n, shape.size(), 2);
    const Reference expected = reference(net, rows);
    const Reference found = compiled(plan, rows);
    EXPECT_LT(relative_error(found.energy, expected.energy), 1e-5) << name;
    // A sum that rounding takes across a kink changes a derivative from 0.2 to 1 and the gradient
    // near it; nearly all of it agrees.
    const auto difference = (found.grad.to(torch::kFloat64) - expected.grad).abs();
    const double scale = expected.grad.abs().max().item<double>();
    EXPECT_LT(difference.mean().item<double>() / scale, 1e-3) << name;
  }
}

void expect_energies_and_gradients(const nets::Architecture& architecture, std::uint32_t seed) {
  const TorchNet net(architecture, seed);
  const nets::CompiledNet plan(net.architecture(), weights_of(net));
  const torch::Tensor rows = random_rows(seed % 3 == 0 ? 17 : 5, plan.dim(), seed);
  const Reference expected = reference(net, rows);
  on_every_target([&] {
    const Reference found = compiled(plan, rows);
    EXPECT_LT(relative_error(found.energy, expected.energy), 1e-5);
    EXPECT_LT(relative_error(found.grad, expected.grad), 1e-5);
  });
  if (!testing::Test::HasFailure()) return;
  for (const auto& layer : architecture.layers) std::printf("%s ", nets::type_name(layer).c_str());
  std::printf("\n");
}

TEST(CompiledNetTest, RandomNetworksEqualLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 220 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_energies_and_gradients(RandomArchitecture(seed).draw(), seed);
  }
}

TEST(CompiledNetTest, WideNetworksEqualLibTorchInDoublePrecision) {
  std::int64_t n_winograd = 0;
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const nets::Architecture architecture = RandomArchitecture(seed).draw_wide();
    for (const nets::PlanOp& op : nets::make_plan(architecture).ops) {
      n_winograd += op.forward_winograd.has_value() && op.backward_winograd.has_value();
    }
    expect_energies_and_gradients(architecture, seed);
  }
  EXPECT_GT(n_winograd, 100);
}

/// Σ c_b·∂E_b/∂W with respect to the layer weights in double precision by LibTorch.
std::vector<torch::Tensor> reference_gradient(const TorchNet& net, const torch::Tensor& rows,
                                              const torch::Tensor& coefficients) {
  std::vector<torch::Tensor> weights;
  for (const torch::Tensor& tensor : net.frozen_weights()) {
    weights.push_back(tensor.to(torch::kFloat64).requires_grad_(true));
  }
  const auto energy = net.forward_with(weights, rows.to(torch::kFloat64));
  return torch::autograd::grad({energy}, weights, {coefficients.to(torch::kFloat64)});
}

void expect_weight_gradient(const TorchNet& net, const torch::Tensor& rows) {
  const nets::CompiledNet plan(net.architecture(), weights_of(net));
  const auto c = torch::linspace(-1.0, 0.7, rows.size(0));
  const auto expected = reference_gradient(net, rows, c);
  on_every_target([&] {
    const nets::WeightGradient found = nets::weight_gradient(
        plan, {rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())},
        [&](std::int64_t row, float) { return c[row].item<float>(); }, 1);
    ASSERT_EQ(found.gradient.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto tensor = torch::tensor(found.gradient[i]).reshape(expected[i].sizes());
      EXPECT_LT(relative_error(tensor, expected[i]), 1e-5) << i;
    }
  });
}

TEST(CompiledWeightGradientTest, EqualsLibTorchInDoublePrecision) {
  const TorchNet uva(nets::preset("uva", {1, 28, 28}), 3);
  expect_weight_gradient(uva, random_rows(37, 784, 1));
  for (std::uint32_t seed = 1000; seed < 1200; ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw(), seed);
    expect_weight_gradient(
        net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
    if (HasFailure()) return;
  }
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_wide(), seed);
    expect_weight_gradient(net, random_rows(5, net.architecture().input.size(), seed));
    if (HasFailure()) return;
  }
}

TEST(CompiledWeightGradientTest, GoesThroughSpectralNormsAsLibTorchDoes) {
  const TorchNet net(nets::preset("mnistnet", {1, 28, 28}), 4);
  const torch::Tensor rows = random_rows(20, 784, 5);
  const std::span<const float> values(rows.data_ptr<float>(),
                                      static_cast<std::size_t>(rows.numel()));
  const auto coefficient = [](std::int64_t row, float energy) {
    return (row % 2 == 0 ? 1.0f : -1.0f) + 0.1f * energy;
  };
  const auto plan = std::make_shared<const nets::Plan>(nets::make_plan(net.architecture()));
  const WeightGradient expected = weight_gradient(net, values, coefficient, 1);
  const auto compiled_net = compile(net, plan);
  const WeightGradient found = compiled_weight_gradient(net, *compiled_net, values, coefficient, 1);
  ASSERT_EQ(found.gradient.size(), expected.gradient.size());
  for (std::size_t i = 0; i < found.gradient.size(); ++i) {
    // Leaky ReLU: a kink that rounding crosses changes a little of the gradient.
    EXPECT_LT(relative_error(found.gradient[i], expected.gradient[i].to(torch::kFloat64)), 1e-3)
        << i;
  }
  for (const int threads : {2, 3, 7}) {
    const WeightGradient other =
        compiled_weight_gradient(net, *compiled_net, values, coefficient, threads);
    EXPECT_EQ(other.energies, found.energies);
    for (std::size_t i = 0; i < found.gradient.size(); ++i) {
      EXPECT_TRUE(torch::equal(other.gradient[i], found.gradient[i])) << threads;
    }
  }
}

TEST(CompiledNetTest, AChainDoesNotKnowTheOthersOfItsBlock) {
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 3);
  const nets::CompiledNet plan(net.architecture(), weights_of(net));
  torch::Tensor rows = random_rows(16, 784, 1);
  const Reference before = compiled(plan, rows);
  rows[3].fill_(std::nanf(""));
  rows[4].fill_(INFINITY);
  const Reference after = compiled(plan, rows);
  for (const std::int64_t i : {0, 1, 2, 5, 15}) {
    EXPECT_TRUE(torch::equal(before.energy[i], after.energy[i]));
    EXPECT_TRUE(torch::equal(before.grad[i], after.grad[i]));
  }
  for (const std::int64_t i : {3, 4}) {
    EXPECT_FALSE(std::isfinite(after.energy[i].item<float>()));
    EXPECT_FALSE(after.grad[i].isfinite().all().item<bool>());
  }
}

TEST(CompiledNetTest, WeightsOfAFileAreThoseOfTheModule) {
  const TorchNet net(nets::preset("mnistnet", {1, 28, 28}), 6);
  nets::SafetensorsFile file;
  file.tensors = net.to_tensor_data();
  const nets::LayerWeights found = nets::layer_weights(net.architecture(), file, "model");
  const nets::LayerWeights expected = weights_of(net);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].size(), expected[i].size());
    for (std::size_t k = 0; k < found[i].size(); ++k) {
      ASSERT_NEAR(found[i][k], expected[i][k], 1e-6f * std::abs(expected[i][k]) + 1e-9f);
    }
  }
}

}  // namespace
}  // namespace ebm::torch_nets
