// Equilibrium matching by each backend, against its formula in double precision, with gradients by
// double backward.

#include "ebm/objectives/equilibrium_matching.h"

#include <gtest/gtest.h>

#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kEnds = 50;

/// @param labels  of each item, empty for a network without classes
void expect_equilibrium(const nets::Architecture& architecture, const std::vector<float>& labels) {
  const std::int64_t dim = architecture.input.size();
  const TorchNet net(architecture, 3);
  const auto data = rows_of(kEnds, dim, 0.2f), noise = rows_of(kEnds, dim, 1.7f);
  std::vector<float> gammas;
  for (std::int64_t i = 0; i < kEnds; ++i) gammas.push_back(static_cast<float>(i) / (kEnds - 1));
  const torch::Tensor contexts = labels.empty() ? torch::Tensor() : tensor_of(labels, 1);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto x1 = tensor_of(data, dim), x0 = tensor_of(noise, dim);
    const auto gamma = torch::tensor(gammas, torch::kFloat64).unsqueeze(1);
    const auto c = 4.0 * ((1.0 - gamma) / 0.2).clamp_max(1.0);
    const auto between = ((1.0 - gamma) * x0 + gamma * x1).requires_grad_(true);
    const auto energy = exact.forward(between, contexts);
    const auto grad = torch::autograd::grad({energy.sum()}, {between}, {}, /*retain_graph=*/true,
                                            /*create_graph=*/true)[0];
    const auto loss = (shares * (grad - c * (x0 - x1)).square().mean(1)).mean();
    auto values =
        torch::autograd::grad({loss}, exact.trainable(), {}, false, false, /*allow_unused=*/true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
    }
    values.push_back(loss.detach());
    return values;
  };
  const InDouble wanted = in_double(net, kEnds, formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found = equilibrium_matching(evaluated, {data, labels}, noise, gammas);
    EXPECT_EQ(std::ssize(found.energies), kEnds);
    expect_step(found.gradient, {found.loss}, net, wanted);
  });
}

TEST(EquilibriumMatchingTest, IsItsFormula) {
  std::vector<float> labels;
  for (std::int64_t i = 0; i < kEnds; ++i) labels.push_back(static_cast<float>(i % 4));
  // Slopes of new weights are small.
  const auto with_scale = [](nets::Architecture net) {
    net.layers.emplace_back(nets::Activation{nets::ActivationKind::kScale, 20.0});
    return net;
  };
  const nets::Architecture net = with_scale(nets::preset("mlp-silu", {5, 1, 1}));
  expect_equilibrium(net, {});
  expect_equilibrium(nets::with_classes(net, 3, nets::ClassCondition::kFilm), labels);
  expect_equilibrium(with_scale(nets::preset("uva", {1, 12, 12})), {});
}

}  // namespace
}  // namespace ebm::torch_nets
