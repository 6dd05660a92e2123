#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/double_reference.h"
#include "torch_nets/torch_energy.h"
#include "torch_nets/torch_net.h"
#include "torch_nets/weight_gradient.h"

namespace ebm::torch_nets {
namespace {
using samplers::kLanes;

/// In double precision equal formulas differ by far less than this, whatever the library.
bool is_formula(const torch::Tensor& found, const torch::Tensor& expected) {
  return found.scalar_type() == torch::kFloat64 && torch::allclose(found, expected, 1e-12, 1e-12);
}

/// A network of no weights but those of the layers, in double precision, no weight 0.
TorchNet exact_net(std::vector<nets::Layer> layers, std::int64_t classes, bool noise_level) {
  TorchNet net({.name = "one",
                .input = {3, 2, 2},
                .layers = std::move(layers),
                .classes = classes,
                .noise_level = noise_level},
               1, nets::Outputs::kAny);
  undo_init_scale(net);
  net.to(torch::kFloat64);
  return net;
}

/// Labels and noise levels of five items; 4 means none.
torch::Tensor five_contexts(bool classes, bool noise_level) {
  const auto both = torch::tensor({{0.0, 0.02}, {3.0, 0.5}, {4.0, 1.0}, {1.0, 7.0}, {4.0, 60.0}},
                                  torch::kFloat64);
  return both.slice(1, classes ? 0 : 1, noise_level ? 2 : 1);
}

TEST(ConditionalNetTest, AFilmIsItsFormula) {
  const auto x = torch::randn({5, 3, 2, 2}, torch::kFloat64);
  for (const auto& [classes, noise_level] :
       {std::pair{true, false}, std::pair{false, true}, std::pair{true, true}}) {
    const TorchNet net =
        exact_net({noise_level ? nets::Film{7} : nets::Film{}}, classes ? 4 : 0, noise_level);
    const auto context = five_contexts(classes, noise_level);
    const auto p = net.named_parameters();
    EXPECT_EQ(p.size(), (classes ? 2u : 0u) + (noise_level ? 4u : 0u));
    const auto y = net.outputs_with(net.layer_weights(), x.flatten(1), -1, context);
    for (std::int64_t i = 0; i < 5; ++i) {
      auto scale = torch::ones(3, torch::kFloat64), shift = torch::zeros(3, torch::kFloat64);
      if (classes) {
        const auto label = static_cast<std::int64_t>(context[i][0].item<double>());
        scale = scale + p["0.class_scale.weight"][label];
        shift = shift + p["0.class_shift.weight"][label];
      }
      if (noise_level) {
        const double log_level = std::log(context[i][-1].item<double>());
        std::vector<double> features;
        for (const double each : {0.25, 0.5, 1.0, 2.0, 4.0, 8.0}) {
          features.push_back(std::sin(each * log_level));
        }
        for (const double each : {0.25, 0.5, 1.0, 2.0, 4.0, 8.0}) {
          features.push_back(std::cos(each * log_level));
        }
        const auto hidden =
            torch::mv(p["0.level.0.weight"], torch::tensor(features, torch::kFloat64)) +
            p["0.level.0.bias"];
        const auto both =
            torch::mv(p["0.level.2.weight"], hidden * torch::sigmoid(hidden)) + p["0.level.2.bias"];
        scale = scale + both.slice(0, 0, 3);
        shift = shift + both.slice(0, 3, 6);
      }
      const auto expected = x[i] * scale.reshape({3, 1, 1}) + shift.reshape({3, 1, 1});
      EXPECT_TRUE(is_formula(y[i], expected.flatten())) << classes << noise_level << i;
    }
  }
}

TEST(ConditionalNetTest, AProjectionIsItsFormula) {
  const TorchNet net = exact_net({nets::Flatten{}, nets::Projection{}}, 4, false);
  const auto x = torch::randn({5, 12}, torch::kFloat64);
  const auto context = five_contexts(true, false);
  const auto p = net.named_parameters();
  const auto energy = net.forward(x, context);
  for (std::int64_t i = 0; i < 5; ++i) {
    const auto label = static_cast<std::int64_t>(context[i][0].item<double>());
    const auto expected =
        torch::dot(p["1.weight"][0] + p["1.embed.weight"][label], x[i]) + p["1.bias"][0];
    EXPECT_TRUE(is_formula(energy[i], expected)) << i;
  }
}

TEST(ConditionalNetTest, ClassLogitsAreEnergiesAndTheirMarginal) {
  const TorchNet net =
      exact_net({nets::Flatten{}, nets::Linear{.out_features = 4}, nets::ClassLogits{}}, 4, false);
  const auto x = torch::randn({5, 12}, torch::kFloat64);
  const auto logits = net.outputs_with(net.layer_weights(), x, 2, five_contexts(true, false));
  for (std::int64_t label = 0; label <= 4; ++label) {
    const auto energy =
        net.forward(x, torch::full({5, 1}, static_cast<double>(label), torch::kFloat64));
    const auto expected =
        label < 4 ? -logits.select(1, label) : -torch::log(torch::exp(logits).sum(1));
    EXPECT_TRUE(is_formula(energy, expected)) << label;
  }
}

TEST(ConditionalNetTest, StartsAsTheNetworkWithoutClasses) {
  const nets::Architecture plain = nets::preset("mlp", {2, 1, 1});
  const TorchNet without(plain, 3);
  TorchNet with(nets::with_classes(plain, 5, nets::ClassCondition::kProjection), 3);
  const auto x = torch::randn({5, 2});
  const auto context = torch::arange(5).to(torch::kFloat32).reshape({5, 1});
  EXPECT_TRUE(torch::equal(without.forward(x), with.forward(x, context)));
  undo_init_scale(with);
  EXPECT_FALSE(torch::allclose(without.forward(x), with.forward(x, context)));
}

TEST(ConditionalNetTest, RandomNetworksInSinglePrecisionEqualThoseInDouble) {
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(nets::RandomArchitecture(seed).draw_conditional(), seed);
    undo_init_scale(net);
    const nets::Architecture& architecture = net.architecture();
    const auto rows = random_rows(7, architecture.input.size(), seed);
    const auto context = random_context(architecture, 7, seed);
    // The last of the weights are shares of the rows, 1 but for rounding.
    const auto formula = [&](std::vector<torch::Tensor> weights) {
      const auto shares = weights.back().flatten();
      weights.pop_back();
      const auto x = rows.to(weights[0].scalar_type()).requires_grad_(true);
      const auto energy = net.forward_with(weights, x, context);
      std::vector<torch::Tensor> found = {energy.detach()};
      std::vector<torch::Tensor> leaves = weights;
      leaves.push_back(x);
      for (auto& each : torch::autograd::grad({(energy * shares).sum()}, leaves))
        found.push_back(each);
      return found;
    };
    std::vector<torch::Tensor> weights = net.frozen_weights();
    for (auto& each : weights) each.requires_grad_(true);
    weights.push_back(torch::ones({7, 1}));
    expect_within_limits(formula(weights), in_double(weights, formula));
  }
}

TEST(ConditionalNetTest, GradientsOfRowsTakeTheContextOfEach) {
  for (std::uint32_t seed = 100; seed < 110 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(nets::RandomArchitecture(seed).draw_conditional(), seed);
    undo_init_scale(net);
    const std::int64_t n = 70, dim = net.architecture().input.size();
    const auto rows = random_rows(n, dim, seed), directions = random_rows(n, dim, seed + 1);
    const auto context = random_context(net.architecture(), n, seed);
    const nets::Rows all(
        std::span<const float>(rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())),
        {context.data_ptr<float>(), static_cast<std::size_t>(context.numel())});
    const auto formula = [&](bool mixed) {
      return in_double(net, n, [&, mixed](const TorchNet& in_full, const torch::Tensor& shares) {
        const auto x = rows.to(torch::kFloat64).requires_grad_(true);
        const auto energy = in_full.forward(x, context);
        if (!mixed)
          return torch::autograd::grad({(0.5 * shares * energy).sum()}, in_full.trainable());
        const auto grad = torch::autograd::grad({energy.sum()}, {x}, {}, true, true)[0];
        const auto along = (grad * directions.to(torch::kFloat64)).sum(1) * shares;
        auto found = torch::autograd::grad({along.sum()}, in_full.trainable(), {}, false, false,
                                           /*allow_unused=*/true);
        for (std::size_t i = 0; i < found.size(); ++i) {
          if (!found[i].defined()) found[i] = torch::zeros_like(in_full.trainable()[i]);
        }
        return found;
      });
    };
    expect_within_limits(weight_gradient(
                             net, all, [](std::int64_t, float) { return 0.5f; }, 2)
                             .gradient,
                         formula(false));
    const auto along = [&](std::int64_t first, const torch::Tensor& grad) {
      return directions.narrow(0, first, grad.size(0));
    };
    expect_within_limits(mixed_gradient(net, all, along, 2).gradient, formula(true));
    EXPECT_THROW(mixed_gradient(net, all.x, along, 1), Error);
  }
}

TEST(ConditionalNetTest, EveryPresetWithClassesIsSavedAndLoaded) {
  for (const auto& [how_name, how] : nets::kClassConditions) {
    const nets::Architecture architecture =
        nets::with_classes(nets::preset("uva", {1, 28, 28}), 10, how);
    const TorchNet net(architecture, 1);
    undo_init_scale(net);
    const TorchNet again(architecture, {.tensors = net.to_tensor_data(), .metadata = {}}, "memory");
    const auto x = torch::randn({5, 784});
    const auto context = random_context(architecture, 5, 1);
    EXPECT_TRUE(torch::equal(net.forward(x, context), again.forward(x, context))) << how_name;
  }
}

TEST(ConditionalNetTest, ContextsOutOfRangeAreRefused) {
  const TorchNet net = exact_net({nets::Film{}, nets::SumPool{}}, 4, true);
  const auto x = torch::zeros({2, 12}, torch::kFloat64);
  const auto code_of = [&](const torch::Tensor& context) {
    try {
      net.outputs_with(net.layer_weights(), x, -1, context);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of({}), ErrorCode::kShape);
  EXPECT_EQ(code_of(torch::ones({2, 1})), ErrorCode::kShape);
  EXPECT_EQ(code_of(torch::ones({3, 2})), ErrorCode::kShape);
  EXPECT_EQ(code_of(torch::ones({2, 2, 1})), ErrorCode::kShape);
  EXPECT_EQ(code_of(torch::full({2, 2}, 5.0)), ErrorCode::kUsage);
  EXPECT_EQ(code_of(torch::full({2, 2}, 0.0)), ErrorCode::kUsage);
  const TorchNet plain(nets::preset("mlp", {2, 1, 1}), 1);
  EXPECT_THROW(plain.forward(torch::zeros({2, 2}), torch::zeros({2, 1})), Error);
}

/// Energies and gradients of three blocks of chains of a conditional network.
struct OfBlocks {
  std::vector<float> energy, grad;
};

OfBlocks evaluate_blocks(const TorchEnergy& energy, const torch::Tensor& rows,
                         const torch::Tensor& context) {
  samplers::ChainStore chains(rows.size(0), rows.size(1), energy.context_dim());
  chains.load_rows({rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())});
  chains.load_context({context.data_ptr<float>(), static_cast<std::size_t>(context.numel())});
  OfBlocks found{std::vector<float>(static_cast<std::size_t>(rows.size(0))),
                 std::vector<float>(static_cast<std::size_t>(rows.numel()))};
  const auto all = chains.blocks(0, chains.n_blocks());
  energy.make_evaluator(all.n_blocks)
      ->evaluate({all.n_blocks, all.x, all.context}, all.energy, all.energy_grad);
  chains.store_energy(found.energy);
  chains.store_energy_grad(found.grad);
  return found;
}

TEST(ConditionalNetTest, AnEnergyTakesTheContextOfEachChain) {
  const auto net = std::make_shared<TorchNet>(
      nets::with_classes(nets::preset("mlp", {2, 1, 1}), 5, nets::ClassCondition::kFilm), 3);
  undo_init_scale(*net);
  const TorchEnergy energy(net);
  EXPECT_EQ(energy.context_dim(), 1);
  const auto rows = random_rows(48, 2, 1);
  auto context = random_context(net->architecture(), 48, 2);
  const OfBlocks before = evaluate_blocks(energy, rows, context);
  EXPECT_EQ(before.energy, to_vector(net->forward(rows, context)));
  const std::int64_t changed = 20;
  context[changed][0] = std::fmod(context[changed][0].item<float>() + 1.0f, 6.0f);
  const OfBlocks after = evaluate_blocks(energy, rows, context);
  for (std::int64_t i = 0; i < 48; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(before.energy[at] == after.energy[at], i != changed) << i;
    EXPECT_EQ(before.grad[2 * at] == after.grad[2 * at], i != changed) << i;
  }
  samplers::ChainStore bare(16, 2);
  const auto all = bare.blocks(0, 1);
  EXPECT_THROW(energy.make_evaluator(1)->evaluate({1, all.x, {}}, all.energy, all.energy_grad),
               Error);
}

}  // namespace
}  // namespace ebm::torch_nets
