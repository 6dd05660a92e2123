#include "ebm/objectives/contrastive_divergence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "nets/architecture/presets.h"
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
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  return torch::from_blob(const_cast<float*>(rows.data()), {n, dim}).clone();
}

void expect_close(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_LT((a[i] - b[i]).abs().max().item<float>(),
              1e-4f * (1e-3f + b[i].abs().max().item<float>()))
        << i;
  }
}

TEST(ContrastiveDivergenceTest, LossAndGradientAreThoseOfItsFormula) {
  torch_nets::use_one_intraop_thread();
  const auto made = std::make_shared<torch_nets::TorchNet>(nets::preset("mlp", {5, 1, 1}), 3);
  const torch_nets::TorchNet& net = *made;
  const auto positives = rows_of(50, 5, 0), negatives = rows_of(50, 5, 1);
  const double alpha = 0.7;
  const auto found = contrastive_divergence({made, nullptr, 2}, positives, negatives, alpha);
  const auto up = net.forward(tensor_of(positives, 5)), down = net.forward(tensor_of(negatives, 5));
  const auto loss = up.mean() - down.mean() + alpha * (up.square() + down.square()).mean();
  EXPECT_NEAR(found.loss, loss.item<double>(), 1e-5);
  EXPECT_NEAR(found.energy_data, up.mean().item<double>(), 1e-5);
  EXPECT_NEAR(found.energy_samples, down.mean().item<double>(), 1e-5);
  expect_close(found.gradient, torch::autograd::grad({loss}, net.trainable()));
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
    // The last step with the graph kept, and the energy of its end with weights cut off.
    auto x = tensor_of(before, 5).requires_grad_(true);
    auto grad = torch::autograd::grad({net.forward(x).sum()}, {x}, {}, true, true)[0];
    if (bounded) grad = grad.clamp(-0.02, 0.02);
    auto after = x.detach() - 0.6 * grad;
    if (bounded) after = after.clamp(-0.8, 0.8);
    const auto loss = 0.3 * net.forward_with(net.frozen_weights(), after).mean();
    const auto expected = torch::autograd::grad({loss}, net.trainable(), {}, false, false, true);
    std::vector<torch::Tensor> found, wanted;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      found.push_back(torch::zeros_like(net.trainable()[i]));
      wanted.push_back(expected[i].defined() ? expected[i] : torch::zeros_like(found.back()));
    }
    const double kl =
        add_kl_term({made, nullptr, 2}, before, torch_nets::to_vector(after), langevin, 0.3, found);
    EXPECT_NEAR(0.3 * kl, loss.item<double>(), 1e-5);
    expect_close(found, wanted);
    float largest = 0.0f;
    for (const auto& g : wanted) largest = std::max(largest, g.abs().max().item<float>());
    EXPECT_GT(largest, 1e-5f);  // not zero against zero
  }
}

}  // namespace
}  // namespace ebm
