#include "nets/architecture/architecture.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

constexpr Activation kSilu{ActivationKind::kSilu, 0.0};

Conv2d conv(std::int64_t out_channels, std::int64_t kernel) {
  Conv2d layer;
  layer.out_channels = out_channels;
  layer.kernel_height = layer.kernel_width = kernel;
  return layer;
}

Linear linear(std::int64_t out_features) {
  Linear layer;
  layer.out_features = out_features;
  return layer;
}

// 2x5x4 -> conv 3x2, padded at the bottom and the right, stride 2 -> residual -> energy.
Architecture small_net() {
  Conv2d first;
  first.out_channels = 3;
  first.kernel_height = 3;
  first.kernel_width = 2;
  first.stride = 2;
  first.padding = {.top = 0, .bottom = 2, .left = 0, .right = 1};
  Conv2d normalised = conv(4, 1);
  normalised.spectral_norm = true;
  normalised.init_scale = 0.5;
  Conv2d bypass = conv(4, 1);
  bypass.bias = false;
  return {"small",
          {2, 5, 4},
          {first, Residual{{kSilu, normalised}, {bypass}}, SumPool{}, Flatten{}, linear(1)}};
}

TEST(ArchitectureTest, InfersTheOutputOfEveryLayer) {
  EXPECT_EQ(infer_shapes(small_net()),
            (std::vector<Shape>{{3, 3, 2}, {4, 3, 2}, {4, 1, 1}, {4, 1, 1}, {1, 1, 1}}));
  EXPECT_NO_THROW(validate(small_net()));
}

TEST(ArchitectureTest, PoolingDropsARaggedEdge) {
  EXPECT_EQ(output_shape(AvgPool{2, 2}, {3, 7, 5}, "x"), (Shape{3, 3, 2}));
  EXPECT_EQ(output_shape(AvgPool{3, 1}, {3, 7, 5}, "x"), (Shape{3, 5, 3}));
}

TEST(ArchitectureTest, MapsGrow) {
  ConvTranspose2d up{.out_channels = 3, .kernel_height = 4, .kernel_width = 4, .stride = 2};
  EXPECT_EQ(output_shape(up, {5, 7, 7}, "x"), (Shape{3, 16, 16}));
  up.padding = {1, 1, 1, 1};
  EXPECT_EQ(output_shape(up, {5, 7, 7}, "x"), (Shape{3, 14, 14}));
  EXPECT_EQ(output_shape(Upsample{3}, {5, 7, 2}, "x"), (Shape{5, 21, 6}));
  EXPECT_EQ(output_shape(Reshape{{2, 3, 4}}, {24, 1, 1}, "x"), (Shape{2, 3, 4}));
  // A product for each input, output channel and tap.
  EXPECT_EQ(multiply_adds({"", {5, 7, 7}, {up}}), 5 * 49 * 3 * 16);
  EXPECT_EQ(parameters({"", {5, 7, 7}, {up}})[0].shape, (std::vector<std::int64_t>{5, 3, 4, 4}));
  EXPECT_EQ(parameters({"", {5, 7, 7}, {up}})[1].shape, (std::vector<std::int64_t>{3}));
}

TEST(ArchitectureTest, ParametersAreNamedAsInNestedSequentials) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> named;
  for (const Parameter& parameter : parameters(small_net())) {
    named.emplace_back(parameter.name, parameter.shape);
  }
  EXPECT_EQ(named, (decltype(named){{"0.weight", {3, 2, 3, 2}},
                                    {"0.bias", {3}},
                                    {"1.body.1.parametrizations.weight.original", {4, 3, 1, 1}},
                                    {"1.body.1.parametrizations.weight.0._u", {4}},
                                    {"1.body.1.parametrizations.weight.0._v", {3}},
                                    {"1.body.1.bias", {4}},
                                    {"1.shortcut.0.weight", {4, 3, 1, 1}},
                                    {"4.weight", {1, 4}},
                                    {"4.bias", {1}}}));
}

TEST(ArchitectureTest, ParametersCarryWhatInitialisationNeeds) {
  const std::vector<Parameter> all = parameters(small_net());
  EXPECT_EQ(all[0].fan_in, 12);
  EXPECT_EQ(all[1].fan_in, 12);
  EXPECT_EQ(all[2].kind, ParameterKind::kWeight);
  EXPECT_TRUE(all[2].spectral_norm);
  EXPECT_EQ(all[2].init_scale, 0.5);
  EXPECT_EQ(all[3].kind, ParameterKind::kU);
  EXPECT_FALSE(all[3].trainable());
  EXPECT_EQ(all[4].kind, ParameterKind::kV);
  EXPECT_EQ(all[5].kind, ParameterKind::kBias);
  EXPECT_EQ(all[5].init_scale, 1.0);
  EXPECT_FALSE(all[6].spectral_norm);
}

TEST(ArchitectureTest, AWeightNormHasTheParametersOfPyTorch) {
  Conv2d normalised = conv(4, 3);
  normalised.weight_norm = true;
  normalised.init_scale = 0.5;
  Linear last = linear(1);
  last.weight_norm = true;
  last.bias = false;
  Architecture net{"", {2, 3, 3}, {normalised, Flatten{}, last}};
  const std::vector<Parameter> all = parameters(net);
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> named;
  for (const Parameter& each : all) named.emplace_back(each.name, each.shape);
  EXPECT_EQ(named, (decltype(named){{"0.parametrizations.weight.original1", {4, 2, 3, 3}},
                                    {"0.parametrizations.weight.original0", {4, 1, 1, 1}},
                                    {"0.bias", {4}},
                                    {"2.parametrizations.weight.original1", {1, 4}},
                                    {"2.parametrizations.weight.original0", {1, 1}}}));
  EXPECT_TRUE(all[0].weight_norm && all[0].trainable() && all[0].is_used());
  EXPECT_TRUE(all[1].trainable() && !all[1].is_used() && !all[1].is_vector());
  EXPECT_EQ(all[0].init_scale, 1.0);
  EXPECT_EQ(all[1].init_scale, 0.5);
  EXPECT_EQ(n_parameters(net), 72 + 4 + 4 + 4 + 1);
  std::get<Conv2d>(net.layers[0].op).spectral_norm = true;
  expect_error(ErrorCode::kShape, "layer 0 (conv2d): has spectral_norm and weight_norm",
               [&] { validate(net); });
}

TEST(ArchitectureTest, CountsTrainableValuesAndMultiplyAdds) {
  // 36 + 3, 12 + 4, 12, 4 + 1; buffers do not count.
  EXPECT_EQ(n_parameters(small_net()), 72);
  // 3x3x2 outputs of 12, twice 4x3x2 of 3, 1 of 4.
  EXPECT_EQ(multiply_adds(small_net()), 216 + 72 + 72 + 4);
}

TEST(ArchitectureTest, NormsScalesAndAttentionHaveTheParametersOfPyTorch) {
  const Architecture net{
      "",
      {6, 3, 2},
      {GroupNorm{3}, ChannelScale{.init = 0.1}, ChannelScale{true}, Attention{2, 5}}};
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> named;
  for (const Parameter& parameter : parameters(net)) {
    named.emplace_back(parameter.name, parameter.shape);
    EXPECT_TRUE(parameter.trainable());
  }
  EXPECT_EQ(named, (decltype(named){{"0.weight", {6}},
                                    {"0.bias", {6}},
                                    {"1.weight", {6}},
                                    {"2.weight", {6}},
                                    {"2.bias", {6}},
                                    {"3.qkv.weight", {30, 6, 1, 1}},
                                    {"3.out.weight", {6, 10, 1, 1}},
                                    {"3.out.bias", {6}}}));
  EXPECT_EQ(parameters(net)[2].init_scale, 0.1);
  // Both convolutions at 6 places, then products of 10 for each pair of places, twice.
  EXPECT_EQ(multiply_adds(net), 6 * 6 * (30 + 10) + 2 * 36 * 10);
}

TEST(ArchitectureTest, LinearOnAnImageSuggestsFlatten) {
  expect_error(ErrorCode::kShape,
               "layer 1 (linear): the input is 8x26x26, but linear takes a flat one; put a flatten",
               [] {
                 validate({"", {1, 28, 28}, {conv(8, 3), linear(1)}});
               });
}

TEST(ArchitectureTest, LayersInsideAResidualAreNamedByTheirPath) {
  expect_error(ErrorCode::kShape,
               "layer 1 (residual).body.0 (residual).shortcut.1 (conv2d): kernel", [] {
                 const Residual inner{{}, {kSilu, conv(2, 9)}};
                 validate({"", {1, 8, 8}, {kSilu, Residual{{inner}, {}}}});
               });
}

TEST(ArchitectureTest, ResidualBranchesMustAgree) {
  expect_error(ErrorCode::kShape,
               "layer 0 (residual): body gives 2x8x8 but shortcut gives 1x8x8 (empty: its input)",
               [] {
                 validate({"", {1, 8, 8}, {Residual{{conv(2, 1)}, {}}, SumPool{}, linear(1)}});
               });
}

TEST(ArchitectureTest, TheLastOutputIsOneValue) {
  expect_error(ErrorCode::kShape, "layer 0 (sum_pool): the last output is 3x1x1, but an energy",
               [] {
                 validate({"", {3, 4, 4}, {SumPool{}}});
               });
  expect_error(ErrorCode::kShape, "no layers", [] { validate({"", {1, 1, 1}, {}}); });
}

TEST(ArchitectureTest, FieldsOutOfRangeAreNamed) {
  const auto check = [](const Layer& layer, const std::string& part) {
    expect_error(ErrorCode::kShape, part, [&] { validate({"", {2, 4, 4}, {layer}}); });
  };
  check(conv(0, 1), "out_channels is 0");
  check(conv(1, 0), "kernel height is 0");
  Conv2d layer = conv(1, 1);
  layer.stride = 0;
  check(layer, "stride is 0");
  layer = conv(1, 1);
  layer.padding.left = -1;
  check(layer, "padding is -1");
  layer = conv(1, 1);
  layer.init_scale = -1;
  check(layer, "init_scale");
  check(AvgPool{0, 1}, "kernel is 0");
  check(AvgPool{5, 1}, "kernel height is 5, but the input 2x4x4 has only 4");
  check(Activation{ActivationKind::kSoftplus, 0.0}, "beta");
  check(Activation{ActivationKind::kSilu, 1.0}, "has none");
  check(Activation{ActivationKind::kTanh, 1.0}, "has none");
  check(Activation{ActivationKind::kScale, INFINITY}, "must be finite");
  check(Upsample{0}, "factor is 0");
  check(BatchNorm{.epsilon = 0.0}, "epsilon is 0");
  check(GroupNorm{.groups = 0}, "groups is 0");
  check(GroupNorm{.groups = 3}, "groups is 3, but the input 2x4x4 has 2 channels; it must divide");
  check(GroupNorm{.groups = 2, .epsilon = -1.0}, "epsilon is -1");
  check(ChannelScale{.init = INFINITY}, "init must be finite");
  check(Attention{.heads = 0}, "heads is 0");
  check(Attention{.width = 0}, "width is 0");
  check(SelfModulatedBatchNorm{}, "layer 0 (self_modulated_batch_norm): is modulated by the");
  check(Reshape{{2, 4, 4}}, "the input is 2x4x4, but 2x4x4 takes a flat one");
  check(ConvTranspose2d{.kernel_height = 0}, "kernel height is 0");
  check(ConvTranspose2d{.padding = {2, 2, 0, 0}}, "padding cuts off 4 of a height of 4");
  expect_error(ErrorCode::kShape, "at least 1", [] { validate({"", {0, 4, 4}, {SumPool{}}}); });
}

TEST(ArchitectureTest, HugeSizesAreErrorsAndNotOverflow) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 39;
  expect_error(ErrorCode::kShape, "2^40", [] { validate({"", {kHuge, kHuge, 4}, {SumPool{}}}); });
  expect_error(ErrorCode::kShape, "2^40", [] { validate({"", {kHuge, 1, 1}, {linear(kHuge)}}); });
  expect_error(ErrorCode::kShape, "2^40", [] { validate({"", {1, 1, 1}, {linear(INT64_MAX)}}); });
  // The weight of a modulated norm is [hidden, values of the network's input].
  const SelfModulatedBatchNorm modulated{.hidden = std::int64_t{1} << 40};
  expect_error(ErrorCode::kShape, "layer 1 (self_modulated_batch_norm): the weight has more than",
               [&] {
                 validate({"", {1000000000, 1, 1}, {linear(1), modulated}});
               });
  expect_error(ErrorCode::kShape, "(residual).body.0 (self_modulated_batch_norm)", [&] {
    validate({"", {1000000000, 1, 1}, {linear(1), Residual{{modulated}, {}}}});
  });
  expect_error(ErrorCode::kShape, "the weight has more than", [] {
    validate({"", {2, 4, 4}, {Attention{kHuge, kHuge}, SumPool{}, linear(1)}});
  });
  expect_error(ErrorCode::kShape, "the shares of 2097152 places of each other are more than", [] {
    validate({"", {1, 2048, 1024}, {Attention{}, SumPool{}, linear(1)}});
  });
  expect_error(ErrorCode::kShape, "queries, keys and values are more than", [] {
    validate({"", {1, 1024, 1024}, {Attention{1, 1 << 20}, SumPool{}, linear(1)}});
  });
  Conv2d padded = conv(1, 1);
  padded.padding = {kHuge, kHuge, kHuge, kHuge};
  expect_error(ErrorCode::kShape, "2^40", [&] { validate({"", {1, 1, 1}, {padded}}); });
  expect_error(ErrorCode::kShape, "multiply-adds", [] {
    validate({"", {1, 1 << 20, 1 << 20}, {conv(1, 1 << 19), SumPool{}}});
  });
}

TEST(ArchitectureTest, NestingIsBounded) {
  Residual residual;
  for (int depth = 1; depth < kMaxNesting; ++depth) residual = Residual{{residual}, {}};
  EXPECT_NO_THROW(validate({"", {1, 1, 1}, {residual}}));
  expect_error(ErrorCode::kShape, "more than 16 deep", [&] {
    validate({"", {1, 1, 1}, {Residual{{residual}, {}}}});
  });
}

}  // namespace
}  // namespace ebm::nets
