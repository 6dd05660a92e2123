#include "gan/generator_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "samplers/initial_states.h"
#include "torch_nets/libtorch.h"

namespace ebm::gan {
namespace {

/// x = W·z + b, then a batch norm.
nets::Architecture normed() {
  return {.name = "g",
          .input = {2, 1, 1},
          .layers = {nets::Linear{.out_features = 3}, nets::BatchNorm{}}};
}

TEST(GeneratorSamplerTest, NormsKeepTheMomentsOfTheirInput) {
  const torch_nets::TorchNet net(normed(), 1, nets::Outputs::kAny);
  const torch::NoGradGuard no_grad;
  net.tensors()[0].copy_(torch::tensor({{2.0f, 0.0f}, {1.0f, -1.0f}, {0.0f, 0.5f}}));
  net.tensors()[1].copy_(torch::tensor({1.0f, -2.0f, 0.25f}));
  const auto sampler = with_standing_statistics(net, 5, 2);
  const double mean[] = {1.0, -2.0, 0.25}, variance[] = {4.0, 2.0, 0.25};
  for (std::size_t i = 0; i < sampler->specs().size(); ++i) {
    const auto kind = sampler->specs()[i].kind;
    const auto values = torch_nets::to_vector(sampler->tensors()[i]);
    for (std::size_t c = 0; c < 3; ++c) {
      // 512 draws: five standard errors.
      if (kind == nets::ParameterKind::kMean) {
        EXPECT_NEAR(values[c], mean[c], 5.0 * std::sqrt(variance[c] / 512.0)) << c;
      } else if (kind == nets::ParameterKind::kVariance) {
        EXPECT_NEAR(values[c], variance[c], 5.0 * variance[c] * std::sqrt(2.0 / 496.0)) << c;
      }
    }
  }
  // Of the copy alone.
  EXPECT_EQ(torch_nets::to_vector(net.tensors().back())[0], 1.0f);
  // So that what it makes has mean 0 and variance 1.
  std::vector<float> latents(2 * 4000);
  samplers::draw_initial_states({7, base::Domain::kLatent}, 0, 2, std::nullopt, latents);
  const std::atomic<int> never{0};
  const auto rows = generate(*sampler, latents, 2, never);
  const auto made = torch::tensor(*rows).reshape({-1, 3});
  EXPECT_LT(made.mean(0).abs().max().item<double>(), 0.25);
  EXPECT_LT((made.var(0) - 1).abs().max().item<double>(), 0.4);
}

TEST(GeneratorSamplerTest, ItemsDoNotDependOnTheirNeighbours) {
  const torch_nets::TorchNet net(normed(), 1, nets::Outputs::kAny);
  const auto sampler = with_standing_statistics(net, 5, 1);
  std::vector<float> latents(2 * 100);
  samplers::draw_initial_states({7, base::Domain::kLatent}, 0, 2, std::nullopt, latents);
  const std::atomic<int> never{0};
  const auto all = *generate(*sampler, latents, 1, never);
  EXPECT_EQ(*generate(*sampler, latents, 3, never), all);
  const auto part = *generate(*sampler, std::span(latents).subspan(64, 64), 1, never);
  EXPECT_EQ(part, std::vector<float>(all.begin() + 96, all.begin() + 192));
  const std::atomic<int> set{2};
  EXPECT_FALSE(generate(*sampler, latents, 1, set));
}

}  // namespace
}  // namespace ebm::gan
