#include "ebm/objectives/contrastive_divergence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "nets/architecture/presets.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/intraop_threads.h"

namespace ebm {
namespace {

std::vector<float> rows_of(std::int64_t n, std::int64_t dim, float phase) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = 0.9f * std::sin(static_cast<float>(i) * 0.37f + phase);
  }
  return rows;
}

torch::Tensor tensor_of(const std::vector<float>& rows, std::int64_t dim) {
  return torch::tensor(rows, torch::kFloat64).reshape({-1, dim});
}

TEST(ContrastiveDivergenceTest, LossAndGradientAreThoseOfItsFormula) {
  torch_nets::use_one_intraop_thread();
  const auto made = std::make_shared<torch_nets::TorchNet>(nets::preset("mlp", {5, 1, 1}), 3);
  const torch_nets::TorchNet& net = *made;
  const auto positives = rows_of(50, 5, 0), negatives = rows_of(50, 5, 1);
  const double alpha = 0.7;
  const auto found = contrastive_divergence({made, nullptr, 2}, positives, negatives, alpha);
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    const auto up = exact.forward(tensor_of(positives, 5));
    const auto down = exact.forward(tensor_of(negatives, 5));
    const auto loss = (shares * (up - down + alpha * (up.square() + down.square()))).mean();
    auto values = torch::autograd::grad({loss}, exact.trainable());
    for (const auto& each : {loss, (shares * up).mean(), (shares * down).mean()}) {
      values.push_back(each);
    }
    return values;
  };
  auto values = found.gradient;
  for (const double each : {found.loss, found.energy_data, found.energy_samples}) {
    values.push_back(torch::tensor(each, torch::kFloat64));
  }
  torch_nets::expect_within_limits(values, torch_nets::in_double(net, 50, formula));
}

TEST(ContrastiveDivergenceTest, KlTermIsTheGradientThroughTheLastStep) {
  torch_nets::use_one_intraop_thread();
  const auto made = std::make_shared<torch_nets::TorchNet>(nets::preset("mlp", {5, 1, 1}), 3);
  const torch_nets::TorchNet& net = *made;
  const auto before = rows_of(40, 5, 0.3f);
  for (const bool bounded : {false, true}) {
    samplers::LangevinOptions langevin{.step_size = 0.6f};
    if (bounded) {
      langevin.clamp_energy_grad = 0.02f;
      langevin.box = samplers::Box{-0.8f, 0.8f};
    }
    std::vector<float> ends;
    // The last step with the graph kept, and the energy of its end with weights cut off.
    const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
      const auto x = tensor_of(before, 5).requires_grad_(true);
      auto grad = torch::autograd::grad({exact.forward(x).sum()}, {x}, {}, true, true)[0];
      if (bounded) grad = grad.clamp(-0.02, 0.02);
      auto after = x.detach() - 0.6 * grad;
      if (bounded) after = after.clamp(-0.8, 0.8);
      if (ends.empty()) ends = torch_nets::to_vector(after);
      const auto energies = exact.forward_with(exact.frozen_weights(), after);
      const auto loss = 0.3 * (shares * energies).mean();
      auto values = torch::autograd::grad({loss}, exact.trainable(), {}, false, false, true);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
      }
      values.push_back(loss);
      return values;
    };
    const torch_nets::InDouble wanted = torch_nets::in_double(net, 40, formula);
    std::vector<torch::Tensor> found;
    for (const auto& each : net.trainable()) found.push_back(torch::zeros_like(each));
    const double kl = add_kl_term({made, nullptr, 2}, before, ends, langevin, 0.3, found);
    found.push_back(torch::tensor(0.3 * kl, torch::kFloat64));
    torch_nets::expect_within_limits(found, wanted);
    double largest = 0.0;
    for (const auto& g : wanted.values) largest = std::max(largest, g.abs().max().item<double>());
    EXPECT_GT(largest, 1e-5);  // not zero against zero
  }
}

}  // namespace
}  // namespace ebm
