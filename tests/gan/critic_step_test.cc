#include "gan/critic_step.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "nets/compiled/plan.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/libtorch.h"

namespace ebm::gan {
namespace {

ObjectiveKind kind_named(const std::string& name) {
  return base::value_of<ObjectiveKind>("objective", objective_choices(), name);
}

constexpr std::int64_t kDim = 3, kPairs = 40;  // more than a group of 32

nets::Architecture small_critic() {
  return {.name = "d",
          .input = {kDim, 1, 1},
          .layers = {nets::Linear{.out_features = 8}, nets::Activation{},
                     nets::Linear{.out_features = 5, .spectral_norm = true}, nets::Activation{},
                     nets::Linear{.out_features = 1}}};
}

/// Data, then samples, which differ by a shift.
std::vector<float> some_rows() {
  base::RandomStream random({.seed = 3, .domain = base::Domain::kToyData}, 0);
  std::vector<float> rows;
  for (std::int64_t i = 0; i < 2 * kPairs * kDim; ++i) {
    rows.push_back(static_cast<float>(random.next_normal() + (i < kPairs * kDim ? 0.5 : -0.5)));
  }
  return rows;
}

std::vector<float> some_mix() {
  base::RandomStream random({.seed = 4, .domain = base::Domain::kToyData}, 0);
  std::vector<float> mix;
  for (std::int64_t i = 0; i < kPairs; ++i) mix.push_back(random.next_uniform());
  return mix;
}

torch::Tensor tensor_of(const std::vector<float>& values, std::int64_t width) {
  return torch::tensor(values, torch::kFloat64).reshape({-1, width});
}

torch::Tensor slopes(const torch_nets::TorchNet& critic, torch::Tensor x) {
  x = x.detach().clone().requires_grad_();
  return torch::autograd::grad({critic.forward(x).sum()}, {x}, {}, /*retain_graph=*/true,
                               /*create_graph=*/true)[0]
      .norm(2, 1);
}

/// The critic's loss as the papers write it, all at once, with its graph.
/// @param shares  [2·kPairs], factors of the critic's outputs, which are 1 but for rounding
torch::Tensor loss_by_formula(const std::string& name, const torch_nets::TorchNet& critic,
                              const torch::Tensor& shares, const std::vector<float>& rows,
                              const std::vector<float>& mix) {
  const auto all = tensor_of(rows, kDim);
  const auto real = all.slice(0, 0, kPairs), fake = all.slice(0, kPairs);
  const auto u = tensor_of(mix, 1);
  const auto dx = -shares.slice(0, 0, kPairs) * critic.forward(real);
  const auto dy = -shares.slice(0, kPairs) * critic.forward(fake);
  const auto between = u * real + (1 - u) * fake;
  if (name == "r1") {
    return torch::softplus(-dx).mean() + torch::softplus(dy).mean() +
           5.0 * slopes(critic, real).square().mean();
  }
  if (name == "hinge") return torch::relu(1 - dx).mean() + torch::relu(1 + dy).mean();
  if (name == "relativistic") {
    return torch::softplus(-(dx - dy.mean())).mean() + torch::softplus(dy - dx.mean()).mean();
  }
  if (name == "wgan-gp") {
    return dy.mean() - dx.mean() + 10.0 * (slopes(critic, between) - 1).square().mean();
  }
  if (name == "wgan-div") {
    return dy.mean() - dx.mean() + 2.0 * slopes(critic, between).pow(6).mean();
  }
  const auto difference = dx - dy;  // gan-qp
  return (-difference + difference.square() / (20.0 * (real - fake).norm(2, 1))).mean();
}

class CriticStepTest : public testing::TestWithParam<const char*> {};

TEST_P(CriticStepTest, IsTheLossOfTheFormulaAndItsGradient) {
  const torch_nets::TorchNet critic(small_critic(), 1);
  const auto plan = std::make_shared<const nets::Plan>(nets::make_plan(small_critic()));
  const auto compiled = torch_nets::compile(critic, plan);
  const auto rows = some_rows(), mix = some_mix();
  const auto objective = make_objective(kind_named(GetParam()), {});
  const CriticStep step = critic_step(*objective, critic, *compiled, rows, mix, 2);
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    const auto loss = loss_by_formula(GetParam(), exact, shares, rows, mix);
    auto values = torch::autograd::grad({loss}, exact.trainable());
    values.push_back(loss);
    return values;
  };
  auto values = step.gradient;
  values.push_back(torch::tensor(step.loss, torch::kFloat64));
  torch_nets::expect_within_limits(values, torch_nets::in_double(critic, 2 * kPairs, formula));
  for (const int n_threads : {1, 3}) {
    const CriticStep other = critic_step(*objective, critic, *compiled, rows, mix, n_threads);
    EXPECT_EQ(other.loss, step.loss);
    for (std::size_t i = 0; i < step.gradient.size(); ++i) {
      EXPECT_TRUE(torch::equal(other.gradient[i], step.gradient[i]));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Objectives, CriticStepTest,
                         testing::Values("r1", "hinge", "relativistic", "wgan-gp", "wgan-div",
                                         "gan-qp"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(GeneratorStepTest, VectorsAreTheSlopesOfTheLossAtTheSamples) {
  const torch_nets::TorchNet critic(small_critic(), 1);
  const auto plan = std::make_shared<const nets::Plan>(nets::make_plan(small_critic()));
  const auto compiled = torch_nets::compile(critic, plan);
  const auto rows = some_rows();
  const GeneratorStep step = generator_step(*make_objective(kind_named("ns"), {}),
                                            critic_values(*compiled, rows, 1), kDim);
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    const auto fake = tensor_of(rows, kDim).slice(0, kPairs).clone().requires_grad_();
    // ln(1 + e^−d), d = −E
    const auto loss = (shares * torch::softplus(exact.forward(fake))).mean();
    return std::vector<torch::Tensor>{torch::autograd::grad({loss}, {fake}, {}, true)[0], loss};
  };
  torch_nets::expect_within_limits(
      {torch::tensor(step.vectors).reshape({-1, kDim}), torch::tensor(step.loss, torch::kFloat64)},
      torch_nets::in_double(critic, kPairs, formula));
}

}  // namespace
}  // namespace ebm::gan
