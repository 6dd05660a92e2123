#include "gan/mutual_information.h"

#include <gtest/gtest.h>

#include <cmath>
#include <variant>
#include <vector>

#include "nets/architecture/presets.h"
#include "samplers/initial_states.h"
#include "torch_nets/libtorch.h"
#include "torch_nets/tensor_views.h"
#include "training/adam.h"

namespace ebm::gan {
namespace {

torch::Tensor normal_rows(std::int64_t n, std::uint64_t stream) {
  auto x = torch::empty({n, 2});
  samplers::draw_initial_states({9, base::Domain::kLatent}, stream << 32, 2, std::nullopt,
                                {x.data_ptr<float>(), static_cast<std::size_t>(2 * n)});
  return x;
}

MutualInformation estimator() { return {nets::preset("mlp", {2, 1, 1}), nets::Shape{2, 1, 1}, 3}; }

/// Î on new items after some steps up it.
double after_training(bool dependent) {
  MutualInformation information = estimator();
  training::Adam adam(
      torch_nets::trained_tensors(information.trainable_names(), information.trainable()),
      {.beta1 = 0.5, .beta2 = 0.999});
  const auto batch = [&](std::uint64_t i) {
    const auto z = normal_rows(64, 2 * i);
    return information.estimate(z, dependent ? z * 0.5 + 1.0 : normal_rows(64, 2 * i + 1));
  };
  for (std::uint64_t i = 0; i < 300; ++i) {
    auto gradient = torch::autograd::grad({-batch(i)}, information.trainable());
    adam.step(torch_nets::views_of(gradient), 2e-3);
  }
  double sum = 0.0;
  for (std::uint64_t i = 1000; i < 1020; ++i) sum += batch(i).item<double>() / 20;
  return sum;
}

TEST(MutualInformationTest, HasNoSpectralNorms) {
  nets::Architecture critic = nets::preset("mlp", {2, 1, 1});
  const auto values = [](const nets::Architecture& of) {
    return MutualInformation(of, nets::Shape{2, 1, 1}, 3)
        .estimate(normal_rows(8, 0), normal_rows(8, 1))
        .item<double>();
  };
  const double plain = values(critic);
  for (nets::Layer& layer : critic.layers) {
    if (auto* linear = std::get_if<nets::Linear>(&layer.op)) linear->spectral_norm = true;
  }
  EXPECT_EQ(values(critic), plain);
}

TEST(MutualInformationTest, KnowsNothingWithoutAStatistic) {
  const MutualInformation information = estimator();
  for (const torch::Tensor& each : information.trainable()) each.detach().zero_();
  EXPECT_NEAR(information.estimate(normal_rows(8, 0), normal_rows(8, 1)).item<double>(),
              -2.0 * std::log(2.0), 1e-6);
}

TEST(MutualInformationTest, IsTheFormulaForAConstantStatistic) {
  const MutualInformation information = estimator();
  const auto parameters = information.trainable();
  const auto names = information.trainable_names();
  std::size_t last_of_items = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    parameters[i].detach().zero_();
    if (names[i].starts_with("item.")) last_of_items = i;
  }
  // With biases of the last layers alone T = Σ f_k·g_k/√k = 32·0.5·0.75/√32.
  parameters[last_of_items].detach().fill_(0.5);
  parameters.back().detach().fill_(0.75);
  const double t = 32 * 0.5 * 0.75 / std::sqrt(32.0);
  EXPECT_NEAR(information.estimate(normal_rows(8, 0), normal_rows(8, 1)).item<double>(),
              -std::log1p(std::exp(-t)) - std::log1p(std::exp(t)), 1e-6);
}

TEST(MutualInformationTest, ItsLatentsAreThoseOfTheNextItem) {
  const MutualInformation information = estimator();
  const auto z = normal_rows(5, 0), x = normal_rows(5, 1);
  const double value = information.estimate(z, x).item<double>();
  // Turning items and latents together changes nothing, but for rounding; the items alone, much.
  EXPECT_NEAR(information.estimate(z.roll(1, 0), x.roll(1, 0)).item<double>(), value, 1e-6);
  EXPECT_GT(std::abs(information.estimate(z, x.roll(1, 0)).item<double>() - value), 1e-5);
}

TEST(MutualInformationTest, RisesOnlyWhereItemsDependOnLatents) {
  EXPECT_GT(after_training(true), -0.9);
  EXPECT_NEAR(after_training(false), -2.0 * std::log(2.0), 0.05);
}

}  // namespace
}  // namespace ebm::gan
