#include "torch_nets/torch_net.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "nets/presets.h"

namespace ebm::torch_nets {
namespace {

using nets::ActivationKind;

nets::Architecture every_layer() {
  return {
      .name = "every-layer",
      .input = {2, 9, 8},
      .layers = {
          nets::Conv2d{.out_channels = 4,
                       .kernel_height = 3,
                       .kernel_width = 2,
                       .stride = 1,
                       .padding = {1, 2, 0, 1},
                       .spectral_norm = true},
          nets::Activation{ActivationKind::kSilu},
          nets::Residual{
              .body = {nets::Conv2d{
                           .out_channels = 6, .kernel_height = 1, .kernel_width = 1, .bias = false},
                       nets::Activation{ActivationKind::kLeakyRelu, 0.2}},
              .shortcut = {nets::Conv2d{.out_channels = 6, .kernel_height = 1, .kernel_width = 1}}},
          nets::Activation{ActivationKind::kElu, 0.7}, nets::AvgPool{2, 2},
          nets::Residual{.body = {nets::Activation{ActivationKind::kRelu}}, .shortcut = {}},
          nets::SumPool{}, nets::Activation{ActivationKind::kSoftplus, 2.0},
          nets::Linear{.out_features = 3, .spectral_norm = true}, nets::Flatten{},
          nets::Linear{.out_features = 1}}};
}

TEST(TorchNetTest, NamesAreThoseOfPyTorch) {
  const TorchNet net(every_layer(), 1);
  const auto parameters = net.named_parameters();
  for (const char* name : {"0.parametrizations.weight.original", "0.bias", "2.body.0.weight",
                           "2.shortcut.0.weight", "2.shortcut.0.bias", "10.weight"}) {
    EXPECT_TRUE(parameters.contains(name)) << name;
  }
  EXPECT_TRUE(net.named_buffers().contains("0.parametrizations.weight.0._u"));
  EXPECT_EQ(parameters.size(), net.trainable().size());
}

TEST(TorchNetTest, SavedAndLoadedGivesTheSameEnergies) {
  const TorchNet net(every_layer(), 1);
  const TorchNet again(every_layer(), {.tensors = net.to_tensor_data(), .metadata = {}}, "memory");
  const auto x = torch::randn({5, 2, 9, 8});
  EXPECT_TRUE(torch::equal(net.forward(x), again.forward(x)));
  EXPECT_FALSE(torch::equal(net.forward(x), TorchNet(every_layer(), 2).forward(x)));
}

TEST(TorchNetTest, WrongWeightsAreNamed) {
  const TorchNet net(every_layer(), 1);
  const auto message = [](const nets::SafetensorsFile& file) {
    try {
      const TorchNet bad(every_layer(), file, "w");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return std::string(error.what());
    }
    return std::string();
  };
  nets::SafetensorsFile file{.tensors = net.to_tensor_data(), .metadata = {}};
  auto missing = file, extra = file, misfit = file, infinite = file;
  missing.tensors.erase("0.bias");
  EXPECT_EQ(message(missing), "w: tensor 0.bias is missing");
  extra.tensors.emplace("11.bias", file.tensors.at("0.bias"));
  EXPECT_EQ(message(extra), "w: tensor 11.bias belongs to no layer of every-layer");
  misfit.tensors.at("0.bias") = nets::TensorData::from_floats({2}, std::vector<float>{1, 2});
  EXPECT_EQ(message(misfit), "w: tensor 0.bias has shape [2]; expected [4]");
  infinite.tensors.at("0.bias") =
      nets::TensorData::from_floats({4}, std::vector<float>{1, 2, INFINITY, 4});
  EXPECT_NE(message(infinite).find("0.bias holds inf"), std::string::npos);
}

TEST(TorchNetTest, SpectralNormDividesByTheLargestSingularValue) {
  TorchNet net(every_layer(), 3);
  net.power_iteration(300);
  const auto weights = net.layer_weights();
  for (const std::size_t used : {std::size_t{0}, weights.size() - 4}) {
    const auto singular = std::get<1>(torch::svd(weights[used].flatten(1)));
    EXPECT_NEAR(singular[0].item<float>(), 1.0f, 1e-5f);
  }
}

TEST(TorchNetTest, LayersEqualTheirFormulas) {
  const auto energy = [](nets::Layer layer, float x) {
    const nets::Architecture one{.name = "one", .input = {1, 1, 1}, .layers = {std::move(layer)}};
    return TorchNet(one, 1).forward(torch::full({1, 1, 1, 1}, x)).item<float>();
  };
  for (const float x : {-1.3f, 0.4f}) {
    const auto low = [&](float below) { return x > 0 ? x : below; };
    EXPECT_NEAR(energy(nets::Activation{ActivationKind::kSilu}, x), x / (1 + std::exp(-x)), 1e-6f);
    EXPECT_NEAR(energy(nets::Activation{ActivationKind::kRelu}, x), low(0), 1e-6f);
    EXPECT_NEAR(energy(nets::Activation{ActivationKind::kLeakyRelu, 0.3}, x), low(0.3f * x), 1e-6f);
    EXPECT_NEAR(energy(nets::Activation{ActivationKind::kElu, 0.7}, x), low(0.7f * std::expm1(x)),
                1e-6f);
    EXPECT_NEAR(energy(nets::Activation{ActivationKind::kSoftplus, 2.0}, x),
                std::log1p(std::exp(2 * x)) / 2, 1e-6f);
    EXPECT_NEAR(
        energy(nets::Residual{.body = {nets::Activation{ActivationKind::kRelu}}, .shortcut = {}},
               x),
        x + low(0), 1e-6f);
  }
}

TEST(TorchNetTest, AsymmetricPaddingPutsTheZerosWhereItSays) {
  // One row of zeros at the bottom and one column at the left of a 2x2 image, under a 3x3 kernel.
  nets::Conv2d conv{.out_channels = 1,
                    .kernel_height = 3,
                    .kernel_width = 3,
                    .padding = {0, 1, 1, 0},
                    .bias = false};
  TorchNet net({.name = "pad", .input = {1, 2, 2}, .layers = {conv}}, 1);
  const torch::NoGradGuard no_grad;
  net.tensors()[0].copy_(torch::arange(9).reshape({1, 1, 3, 3}));
  const auto x = torch::tensor({1.0f, 10.0f, 100.0f, 1000.0f}).reshape({1, 1, 2, 2});
  EXPECT_EQ(net.forward(x).item<float>(), 1 * 1 + 2 * 10 + 4 * 100 + 5 * 1000);
}

TEST(TorchNetTest, UvaHasItsPublishedSizeAndStartsWithinItsBounds) {
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 1);
  std::int64_t n = 0;
  for (const auto& p : net.trainable()) n += p.numel();
  EXPECT_EQ(n, nets::n_parameters(net.architecture()));
  const auto first = net.trainable()[0];
  EXPECT_LE(first.abs().max().item<float>(), 0.2f);  // 1/√25
  EXPECT_NEAR(first.std().item<float>(), 0.2f / std::sqrt(3.0f), 0.01f);
}

}  // namespace
}  // namespace ebm::torch_nets
