#include "torch_nets/torch_net.h"

#include <gtest/gtest.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>

#include <cmath>

#include "base/error.h"
#include "nets/architecture/presets.h"

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
  EXPECT_EQ(message(extra), "w: tensor 11.bias does not belong to every-layer");
  misfit.tensors.at("0.bias") = nets::TensorData::from_floats({2}, std::vector<float>{1, 2});
  EXPECT_EQ(message(misfit), "w: tensor 0.bias has shape [2]; expected [4]");
  infinite.tensors.at("0.bias") =
      nets::TensorData::from_floats({4}, std::vector<float>{1, 2, INFINITY, 4});
  EXPECT_NE(message(infinite).find("0.bias holds inf"), std::string::npos);
}

TEST(TorchNetTest, SpectralNormDividesByTheLargestSingularValue) {
  TorchNet net(every_layer(), 3);
  net.to(torch::kFloat64);
  net.power_iteration(300);
  const auto weights = net.layer_weights();
  for (const std::size_t used : {std::size_t{0}, weights.size() - 4}) {
    const auto singular = std::get<1>(torch::svd(weights[used].flatten(1)));
    EXPECT_NEAR(singular[0].item<double>(), 1.0, 1e-8);
  }
}

TEST(TorchNetTest, AWeightNormIsThatOfLibTorch) {
  TorchNet net({.name = "lengths",
                .input = {2, 5, 4},
                .layers = {nets::Conv2d{.out_channels = 3,
                                        .kernel_height = 3,
                                        .kernel_width = 2,
                                        .weight_norm = true},
                           nets::Flatten{}, nets::Linear{.out_features = 1, .weight_norm = true}}},
               1);
  net.to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& tensor : net.tensors()) tensor.add_(torch::randn_like(tensor));
  const auto weights = net.layer_weights();
  EXPECT_TRUE(torch::allclose(weights[0], torch::_weight_norm(net.tensors()[0], net.tensors()[1]),
                              1e-13, 1e-13));
  EXPECT_TRUE(torch::allclose(weights[2], torch::_weight_norm(net.tensors()[3], net.tensors()[4]),
                              1e-13, 1e-13));
}

TEST(TorchNetTest, LayersEqualTheirFormulas) {
  const auto energy = [](nets::Layer layer, double x) {
    const nets::Architecture one{.name = "one", .input = {1, 1, 1}, .layers = {std::move(layer)}};
    return TorchNet(one, 1).forward(torch::full({1, 1, 1, 1}, x, torch::kFloat64)).item<double>();
  };
  for (const double x : {-1.3, 0.4}) {
    const auto low = [&](double below) { return x > 0 ? x : below; };
    const auto expect = [&](const nets::Layer& layer, double formula) {
      EXPECT_NEAR(energy(layer, x), formula, 1e-14) << nets::type_name(layer);
    };
    expect(nets::Activation{ActivationKind::kSilu}, x / (1 + std::exp(-x)));
    expect(nets::Activation{ActivationKind::kRelu}, low(0));
    expect(nets::Activation{ActivationKind::kLeakyRelu, 0.3}, low(0.3 * x));
    expect(nets::Activation{ActivationKind::kElu, 0.7}, low(0.7 * std::expm1(x)));
    expect(nets::Activation{ActivationKind::kSoftplus, 2.0}, std::log1p(std::exp(2 * x)) / 2);
    expect(nets::Activation{ActivationKind::kTanh}, std::tanh(x));
    expect(nets::Activation{ActivationKind::kScale, -3.5}, -3.5 * x);
    expect(nets::Residual{.body = {nets::Activation{ActivationKind::kRelu}}, .shortcut = {}},
           x + low(0));
  }
}

/// In double precision equal formulas differ by far less than this, whatever the library.
bool equal_in_double(const torch::Tensor& found, const torch::Tensor& expected) {
  return found.scalar_type() == torch::kFloat64 && torch::allclose(found, expected, 1e-12, 1e-12);
}

TEST(TorchNetTest, ATransposedConvolutionIsThatOfPyTorch) {
  // out_padding 1 is a padding of 1 at the top and left and of 0 at the bottom and right.
  const nets::ConvTranspose2d conv{.out_channels = 3,
                                   .kernel_height = 3,
                                   .kernel_width = 3,
                                   .stride = 2,
                                   .padding = {1, 0, 1, 0}};
  TorchNet net({.name = "up", .input = {2, 4, 5}, .layers = {conv}}, 1, nets::Outputs::kAny);
  net.to(torch::kFloat64);
  EXPECT_EQ(net.specs()[0].shape, (std::vector<std::int64_t>{2, 3, 3, 3}));
  const auto x = torch::randn({6, 2, 4, 5}, torch::kFloat64);
  const auto expected =
      torch::conv_transpose2d(x, net.tensors()[0], net.tensors()[1], 2, 1, /*output_padding=*/1);
  EXPECT_EQ(expected.size(2), 8);
  EXPECT_TRUE(equal_in_double(net.outputs_with(net.layer_weights(), x), expected.flatten(1)));
}

TEST(TorchNetTest, UpsamplingRepeatsAndReshapingKeepsTheOrder) {
  const TorchNet net(
      {.name = "up", .input = {4, 1, 1}, .layers = {nets::Reshape{{1, 2, 2}}, nets::Upsample{2}}},
      1, nets::Outputs::kAny);
  const auto y = net.outputs_with({}, torch::tensor({1.0f, 2.0f, 3.0f, 4.0f}).reshape({1, 4}));
  const auto expected = torch::tensor({1.0f, 1.0f, 2.0f, 2.0f, 1.0f, 1.0f, 2.0f, 2.0f, 3.0f, 3.0f,
                                       4.0f, 4.0f, 3.0f, 3.0f, 4.0f, 4.0f});
  EXPECT_TRUE(torch::equal(y, expected.reshape({1, 16})));
}

nets::Architecture norm_net(const nets::Layer& norm) {
  return {.name = "norm",
          .input = {3, 1, 1},
          .layers = {nets::Linear{.out_features = 8}, nets::Reshape{{2, 2, 2}}, norm}};
}

TEST(TorchNetTest, ABatchNormIsThatOfPyTorch) {
  TorchNet net(norm_net(nets::BatchNorm{}), 1, nets::Outputs::kAny);
  torch::nn::BatchNorm2d module(2);
  net.to(torch::kFloat64);
  module->to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 2; i < 6; ++i) {
    const auto values = torch::rand({2}, torch::kFloat64) + 0.5;
    net.tensors()[i].copy_(values);
    std::vector<torch::Tensor>{module->weight, module->bias, module->running_mean,
                               module->running_var}[i - 2]
        .copy_(values);
  }
  const auto x = torch::randn({7, 3}, torch::kFloat64);
  const auto before = torch::linear(x, net.tensors()[0], net.tensors()[1]).reshape({7, 2, 2, 2});
  module->eval();
  EXPECT_TRUE(equal_in_double(net.outputs_with(net.layer_weights(), x),
                              module->forward(before).flatten(1)));
  module->train();
  std::vector<BatchStatistics> statistics;
  const auto old_mean = module->running_mean.clone(), old_var = module->running_var.clone();
  EXPECT_TRUE(
      equal_in_double(net.batch_outputs(x, statistics), module->forward(before).flatten(1)));
  ASSERT_EQ(statistics.size(), 1u);
  EXPECT_TRUE(equal_in_double(0.9 * old_mean + 0.1 * statistics[0].mean, module->running_mean));
  EXPECT_TRUE(equal_in_double(0.9 * old_var + 0.1 * statistics[0].variance, module->running_var));
}

TEST(TorchNetTest, ASelfModulatedNormWithoutOutputWeightsIsABatchNorm) {
  const TorchNet plain(norm_net(nets::BatchNorm{}), 1, nets::Outputs::kAny);
  const TorchNet modulated(norm_net(nets::SelfModulatedBatchNorm{}), 1, nets::Outputs::kAny);
  const torch::NoGradGuard no_grad;
  const auto parameters = modulated.named_parameters();
  EXPECT_EQ(parameters["2.gain.0.weight"].sizes(), (std::vector<std::int64_t>{32, 3}));
  EXPECT_EQ(parameters["2.gain.2.weight"].sizes(), (std::vector<std::int64_t>{2, 32}));
  const auto x = torch::randn({7, 3});
  std::vector<BatchStatistics> ignored;
  EXPECT_FALSE(
      torch::allclose(plain.batch_outputs(x, ignored), modulated.batch_outputs(x, ignored)));
  for (const char* name : {"2.gain.2.weight", "2.shift.2.weight"}) {
    modulated.named_parameters()[name].zero_();
  }
  EXPECT_TRUE(torch::equal(plain.batch_outputs(x, ignored), modulated.batch_outputs(x, ignored)));
  EXPECT_TRUE(torch::equal(plain.outputs_with(plain.layer_weights(), x),
                           modulated.outputs_with(modulated.layer_weights(), x)));
}

TEST(TorchNetTest, AModulationIsItsFormula) {
  TorchNet net(norm_net(nets::SelfModulatedBatchNorm{4}), 3, nets::Outputs::kAny);
  net.to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  const auto p = net.named_parameters();
  const auto x = torch::randn({5, 3}, torch::kFloat64);
  const auto dense = [&](const std::string& part) {
    const auto hidden = torch::relu(torch::linear(x, p[part + ".0.weight"], p[part + ".0.bias"]));
    return torch::linear(hidden, p[part + ".2.weight"], p[part + ".2.bias"]).reshape({5, 2, 1, 1});
  };
  const auto before = torch::linear(x, p["0.weight"], p["0.bias"]).reshape({5, 2, 2, 2});
  const auto expected = before / std::sqrt(1.0 + 1e-5) * dense("2.gain") + dense("2.shift");
  EXPECT_TRUE(equal_in_double(net.outputs_with(net.layer_weights(), x), expected.flatten(1)));
}

TEST(TorchNetTest, AGroupNormIsThatOfPyTorch) {
  TorchNet net({.name = "norm", .input = {6, 3, 2}, .layers = {nets::GroupNorm{3, 1e-3}}}, 1,
               nets::Outputs::kAny);
  net.to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  for (const torch::Tensor& each : net.tensors()) each.uniform_(0.5, 1.5);
  const auto x = torch::randn({5, 6, 3, 2}, torch::kFloat64);
  const auto expected = torch::group_norm(x, 3, net.named_parameters()["0.weight"],
                                          net.named_parameters()["0.bias"], 1e-3);
  EXPECT_TRUE(equal_in_double(net.outputs_with(net.layer_weights(), x), expected.flatten(1)));
}

TEST(TorchNetTest, AnAttentionIsThatOfPyTorch) {
  TorchNet net({.name = "mix", .input = {6, 2, 4}, .layers = {nets::Attention{3, 2}}}, 1,
               nets::Outputs::kAny);
  torch::nn::MultiheadAttention module(torch::nn::MultiheadAttentionOptions(6, 3).bias(true));
  net.to(torch::kFloat64);
  module->to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  const auto own = net.named_parameters();
  module->in_proj_weight.copy_(own["0.qkv.weight"].flatten(1));
  module->in_proj_bias.zero_();
  module->out_proj->weight.copy_(own["0.out.weight"].flatten(1));
  module->out_proj->bias.copy_(own["0.out.bias"]);
  const auto x = 2.0 * torch::randn({5, 6, 2, 4}, torch::kFloat64);
  const auto places = x.flatten(2).permute({2, 0, 1});  // [place, item, channel]
  const auto mixed = std::get<0>(module->forward(places, places, places));
  EXPECT_TRUE(equal_in_double(net.outputs_with(net.layer_weights(), x),
                              mixed.permute({1, 2, 0}).flatten(1)));
}

TEST(TorchNetTest, AChannelScaleStartsAtItsInitialValue) {
  TorchNet net({.name = "scale", .input = {2, 3, 1}, .layers = {nets::ChannelScale{true, 0.25}}}, 1,
               nets::Outputs::kAny);
  const auto x = torch::randn({4, 2, 3, 1});
  EXPECT_TRUE(torch::equal(net.outputs_with(net.layer_weights(), x), 0.25 * x.flatten(1)));
  const torch::NoGradGuard no_grad;
  net.tensors()[0].copy_(torch::tensor({2.0f, -1.0f}));
  net.tensors()[1].copy_(torch::tensor({0.0f, 3.0f}));
  const auto y = net.outputs_with(net.layer_weights(), torch::ones({1, 2, 3, 1}));
  EXPECT_TRUE(torch::equal(y, torch::tensor({{2.0f, 2.0f, 2.0f, 2.0f, 2.0f, 2.0f}})));
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
