// The objectives' losses and gradients by each backend, against their formulas in double precision.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "ebm/objectives/contrastive_divergence.h"
#include "ebm/objectives/energy_matching.h"
#include "ebm/objectives/noise_contrastive.h"
#include "nets/architecture/presets.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kPairs = 50, kDim = 5;

/// Holds a step by each backend, its loss, mean energies and gradient, to a loss of energies in
/// double precision.
/// @param loss_of  of the energies of positives and negatives, [kPairs] each: the loss of each pair
void expect_step(
    const std::vector<float>& positives, const std::vector<float>& negatives,
    const std::function<torch::Tensor(const torch::Tensor& up, const torch::Tensor& down)>& loss_of,
    const std::function<ObjectiveStep(const EvaluatedNet& net)>& step) {
  const TorchNet net(nets::preset("mlp", {kDim, 1, 1}), 3);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto up = exact.forward(tensor_of(positives, kDim));
    const auto down = exact.forward(tensor_of(negatives, kDim));
    const auto loss = (shares * loss_of(up, down)).mean();
    auto values = torch::autograd::grad({loss}, exact.trainable());
    for (const auto& each : {loss, (shares * up).mean(), (shares * down).mean()}) {
      values.push_back(each);
    }
    return values;
  };
  const InDouble wanted = in_double(net, kPairs, formula);
  by_each_backend(net.architecture(), [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found = step(evaluated);
    auto values = tensors_of(found.gradient, net);
    for (const double each : {found.loss, found.energy_data, found.energy_samples}) {
      values.push_back(torch::tensor(each, torch::kFloat64));
    }
    expect_within_limits(values, wanted);
  });
}

TEST(ContrastiveDivergenceTest, LossAndGradientAreThoseOfItsFormula) {
  const auto positives = rows_of(kPairs, kDim, 0), negatives = rows_of(kPairs, kDim, 1);
  const double alpha = 0.7;
  expect_step(
      positives, negatives,
      [&](const torch::Tensor& up, const torch::Tensor& down) {
        return up - down + alpha * (up.square() + down.square());
      },
      [&](const EvaluatedNet& net) {
        return contrastive_divergence(net, positives, negatives, alpha);
      });
}

TEST(ContrastiveDivergenceTest, KlTermIsTheGradientThroughTheLastStep) {
  const TorchNet net(nets::preset("mlp", {5, 1, 1}), 3);
  const auto before = rows_of(40, 5, 0.3f);
  for (const bool bounded : {false, true}) {
    samplers::LangevinOptions langevin{.step_size = 0.6f};
    if (bounded) {
      langevin.clamp_energy_grad = 0.02f;
      langevin.box = samplers::Box{-0.8f, 0.8f};
    }
    std::vector<float> ends;
    // The last step with the graph kept, and the energy of its end with weights cut off.
    const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
      const auto x = tensor_of(before, 5).requires_grad_(true);
      auto grad = torch::autograd::grad({exact.forward(x).sum()}, {x}, {}, true, true)[0];
      if (bounded) grad = grad.clamp(-0.02, 0.02);
      auto after = x.detach() - 0.6 * grad;
      if (bounded) after = after.clamp(-0.8, 0.8);
      if (ends.empty()) ends = to_vector(after);
      const auto energies = exact.forward_with(exact.frozen_weights(), after);
      const auto loss = 0.3 * (shares * energies).mean();
      auto values = torch::autograd::grad({loss}, exact.trainable(), {}, false, false, true);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
      }
      values.push_back(loss);
      return values;
    };
    const InDouble wanted = in_double(net, 40, formula);
    by_each_backend(net.architecture(), [&](const EvaluatedNet& evaluated) {
      std::vector<std::vector<float>> gradient;
      for (const auto& each : net.trainable()) {
        gradient.emplace_back(static_cast<std::size_t>(each.numel()));
      }
      const double kl = add_kl_term(evaluated, before, ends, langevin, 0.3, gradient);
      auto found = tensors_of(gradient, net);
      found.push_back(torch::tensor(0.3 * kl, torch::kFloat64));
      expect_within_limits(found, wanted);
    });
    double largest = 0.0;
    for (const auto& g : wanted.values) largest = std::max(largest, g.abs().max().item<double>());
    EXPECT_GT(largest, 1e-5);  // not zero against zero
  }
}

TEST(EnergyMatchingTest, LossAndGradientAreThoseOfItsFormula) {
  const nets::Activation silu{};
  const TorchNet net(
      {.name = "smooth",
       .input = {kDim, 1, 1},
       .layers = {nets::Linear{.out_features = 20}, silu, nets::Linear{.out_features = 20}, silu,
                  nets::Linear{}, nets::Activation{nets::ActivationKind::kScale, 3.0}}},
      3);
  const auto data = rows_of(kPairs, kDim, 0), noise = rows_of(kPairs, kDim, 1);
  std::vector<float> times(kPairs);
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<float>(i) / kPairs;
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto x1 = tensor_of(data, kDim), x0 = tensor_of(noise, kDim);
    const auto t = torch::tensor(times, torch::kFloat64).unsqueeze(1);
    const auto between = ((1.0 - t) * x0 + t * x1).requires_grad_(true);
    const auto grad = torch::autograd::grad({exact.forward(between).sum()}, {between}, {},
                                            /*retain_graph=*/true, /*create_graph=*/true)[0];
    const auto loss = (shares * (grad + x1 - x0).square().mean(1)).mean();
    auto values =
        torch::autograd::grad({loss}, exact.trainable(), {}, false, false, /*allow_unused=*/true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
    }
    values.push_back(loss);
    return values;
  };
  const InDouble wanted = in_double(net, kPairs, formula);
  by_each_backend(net.architecture(), [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found = energy_matching(evaluated, data, noise, times);
    auto values = tensors_of(found.gradient, net);
    values.push_back(torch::tensor(found.loss, torch::kFloat64));
    expect_within_limits(values, wanted);
    // And all of it to 1e-5 of the largest.
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto error = (values[i].to(torch::kFloat64) - wanted.values[i]).abs().max();
      EXPECT_LT(error.item<double>(), 1e-5 * wanted.values[i].abs().max().item<double>() + 1e-9);
    }
  });
}

TEST(EnergyMatchingTest, ContrastIsThatOfItsFormula) {
  const TorchNet net(nets::preset("mlp-silu", {kDim, 1, 1}), 3);
  auto positives = rows_of(kPairs, kDim, 0), negatives = rows_of(kPairs, kDim, 1);
  const auto mean_energy = [&](const std::vector<float>& rows) {
    return net.forward(tensor_of(rows, kDim).to(torch::kFloat32)).mean().item<double>();
  };
  // A gap above the bound.
  if (mean_energy(positives) < mean_energy(negatives)) std::swap(positives, negatives);
  // Of 50 samples the five with the highest energies are left out.
  const auto kept = [&] {
    const auto energies = net.forward(tensor_of(negatives, kDim).to(torch::kFloat32));
    return std::get<1>(energies.topk(45, 0, /*largest=*/false));
  }();
  const auto gap_of = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto up = shares * exact.forward(tensor_of(positives, kDim));
    const auto down = shares * exact.forward(tensor_of(negatives, kDim));
    return up.mean() - down.index_select(0, kept).mean();
  };
  const InDouble wanted = in_double(net, kPairs, [&](const TorchNet& exact, const auto& shares) {
    auto gap = gap_of(exact, shares);
    auto values = torch::autograd::grad({0.3 * gap}, exact.trainable(), {}, /*retain_graph=*/true);
    values.push_back(gap);
    return values;
  });
  by_each_backend(net.architecture(), [&](const EvaluatedNet& evaluated) {
    const auto zeros = [&] {
      std::vector<std::vector<float>> gradient;
      for (const auto& each : net.trainable()) {
        gradient.emplace_back(static_cast<std::size_t>(each.numel()));
      }
      return gradient;
    };
    auto gradient = zeros();
    const Contrast contrast = add_contrast(evaluated, positives, negatives, 0.3, gradient);
    EXPECT_DOUBLE_EQ(contrast.value, 0.3 * contrast.gap);
    auto found = tensors_of(gradient, net);
    found.push_back(torch::tensor(contrast.gap, torch::kFloat64));
    expect_within_limits(found, wanted);
    // Far below, nothing is.
    std::vector<float> far(negatives);
    auto none = zeros();
    for (int i = 0; i < 20; ++i) {
      const auto slopes = evaluated.energy_gradients(far).energy_grads;
      for (std::size_t k = 0; k < far.size(); ++k) far[k] += 5.0f * slopes[k];
    }
    // A weight as large as untrained energies are small.
    const Contrast bounded = add_contrast(evaluated, positives, far, 100.0, none);
    EXPECT_LT(100.0 * bounded.gap, -0.02);
    EXPECT_EQ(bounded.value, -0.02);
    EXPECT_EQ(none, zeros());
  });
}

TEST(NoiseContrastiveTest, LossAndGradientAreThoseOfItsFormula) {
  std::vector<float> positives(kPairs * kDim), negatives(kPairs * kDim), log_noise(2 * kPairs);
  for (std::size_t i = 0; i < positives.size(); ++i) {
    positives[i] = std::sin(0.37f * static_cast<float>(i));
    negatives[i] = std::cos(0.53f * static_cast<float>(i));
  }
  for (std::size_t i = 0; i < log_noise.size(); ++i) {
    log_noise[i] = std::sin(static_cast<float>(i)) - 0.5f;
  }
  const auto noise = torch::tensor(log_noise, torch::kFloat64);
  expect_step(
      positives, negatives,
      [&](const torch::Tensor& up, const torch::Tensor& down) {
        // Cross-entropies of σ(h), h = ln p_θ − ln p_n.
        const auto data_right = torch::sigmoid(-up - noise.narrow(0, 0, kPairs));
        const auto noise_right = 1.0 - torch::sigmoid(-down - noise.narrow(0, kPairs, kPairs));
        return -(data_right.log() + noise_right.log());
      },
      [&](const EvaluatedNet& net) {
        return noise_contrastive(net, positives, negatives, log_noise);
      });
}

}  // namespace
}  // namespace ebm::torch_nets
