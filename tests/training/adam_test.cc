#include "training/adam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "training/ema.h"

namespace ebm::training {
namespace {

TEST(AdamTest, FollowsItsFormulaInDoublePrecision) {
  const auto parameter = torch::tensor({1.0f, -2.0f});
  Adam adam({"w"}, {parameter}, {.beta1 = 0.9, .beta2 = 0.99});
  double theta[2] = {1, -2}, m[2] = {}, v[2] = {};
  for (int t = 1; t <= 5; ++t) {
    const double g[2] = {0.3 * t, -1.0 / t};
    adam.step({torch::tensor({static_cast<float>(g[0]), static_cast<float>(g[1])})}, 0.1);
    for (int i = 0; i < 2; ++i) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
      theta[i] -= 0.1 * (m[i] / (1 - std::pow(0.9, t))) /
                  (std::sqrt(v[i] / (1 - std::pow(0.99, t))) + 1e-8);
    }
  }
  EXPECT_NEAR(parameter[0].item<float>(), theta[0], 1e-5);
  EXPECT_NEAR(parameter[1].item<float>(), theta[1], 1e-5);
}

TEST(AdamTest, RestoredStateGoesOnAsIfNothingHappened) {
  const auto a = torch::ones({3}), b = torch::ones({3});
  Adam through({"w"}, {a}, {}), first({"w"}, {b}, {});
  const auto g = [](int t) { return torch::tensor({1.0f, 0.1f * static_cast<float>(t), -3.0f}); };
  for (int t = 0; t < 6; ++t) through.step({g(t)}, 0.01);
  for (int t = 0; t < 3; ++t) first.step({g(t)}, 0.01);
  EXPECT_TRUE(first.state().tensors.contains("exp_avg_sq.w"));
  Adam second({"w"}, {b}, {});
  second.restore(nets::parse_safetensors(nets::safetensors_bytes(first.state()), "m"), "m");
  for (int t = 3; t < 6; ++t) second.step({g(t)}, 0.01);
  EXPECT_TRUE(torch::equal(a, b));
}

TEST(AdamTest, BadOptionsAndStatesAreRefused) {
  EXPECT_THROW(Adam({}, {}, {.beta1 = 1.0}), Error);
  EXPECT_THROW(Adam({}, {}, {.beta2 = -0.1}), Error);
  Adam adam({"w"}, {torch::ones({3})}, {});
  EXPECT_THROW(adam.restore({}, "m"), Error);
}

TEST(GradientTest, NormIsThatOfAllTensorsAndClippingKeepsTheDirection) {
  const std::vector<torch::Tensor> gradient{torch::tensor({3.0f}), torch::tensor({0.0f, 4.0f})};
  EXPECT_DOUBLE_EQ(gradient_norm(gradient), 5.0);
  clip_gradient(gradient, 5.0, 10.0);
  EXPECT_DOUBLE_EQ(gradient_norm(gradient), 5.0);
  clip_gradient(gradient, 5.0, 0.0);
  EXPECT_DOUBLE_EQ(gradient_norm(gradient), 5.0);
  clip_gradient(gradient, 5.0, 1.0);
  EXPECT_NEAR(gradient[0].item<float>(), 0.6f, 1e-6f);
  EXPECT_NEAR(gradient[1][1].item<float>(), 0.8f, 1e-6f);
}

TEST(EmaTest, AveragesWithItsWarmUp) {
  torch_nets::TorchNet net(nets::preset("mlp", {2, 1, 1}), 1);
  torch_nets::TorchNet average(net.architecture(), 1);
  const torch::NoGradGuard no_grad;
  const float before = average.trainable()[0].flatten()[0].item<float>();
  net.trainable()[0].add_(1.0f);
  update_average(net, 1, 0.99, average);  // d = min(0.99, 2/11)
  EXPECT_NEAR(average.trainable()[0].flatten()[0].item<float>(), before + 9.0f / 11.0f, 1e-6f);
  update_average(net, 1000000, 0.99, average);
  EXPECT_NEAR(average.trainable()[0].flatten()[0].item<float>(), before + 1 - 0.99f * 2.0f / 11.0f,
              1e-6f);
  update_average(net, 5, 0.0, average);
  EXPECT_TRUE(torch::equal(average.trainable()[0], net.trainable()[0]));
}

}  // namespace
}  // namespace ebm::training
