#include "torch_nets/feature_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "data/batch_source.h"
#include "tests/nets/expect_error.h"

namespace ebm::torch_nets {
namespace {

data::Dataset four_points() {
  return {.name = "points",
          .n = 4,
          .shape = {2, 1, 1},
          .values = std::vector<float>{3, 0, -3, 0, 0, 1, 0, -1},
          .labels = {},
          .class_names = {}};
}

/// Features relu(x0), relu(x1), then logits (1, 2; -1, 1)·f + (0.5, -1).
torch_nets::TorchNet identity_net() {
  const nets::Linear two{.out_features = 2};
  torch_nets::TorchNet net(
      nets::Architecture{
          .name = "identity",
          .input = {2, 1, 1},
          .layers = {nets::Flatten{}, two, nets::Activation{nets::ActivationKind::kRelu}, two}},
      0, nets::Outputs::kAny);
  const auto tensors = net.trainable();
  const torch::NoGradGuard no_grad;
  tensors[0].copy_(torch::eye(2));
  tensors[1].zero_();
  tensors[2].copy_(torch::tensor({{1.0f, 2.0f}, {-1.0f, 1.0f}}));
  tensors[3].copy_(torch::tensor({0.5f, -1.0f}));
  return net;
}

TEST(FeatureScaleTest, MeanVarianceBecomesOneAndLogitsStay) {
  const auto net = identity_net();
  // Features (3, 0, 0, 0) and (0, 0, 1, 0): variances, by n - 1, 9/4 and 1/4; their mean is 5/4.
  EXPECT_NEAR(scale_features(net, four_points(), 2), 1.0 / std::sqrt(1.25), 1e-7);
  const auto x = torch::tensor({{3.0f, 2.0f}});
  const auto weights = net.frozen_weights();
  EXPECT_NEAR(net.outputs_with(weights, x, 3)[0][0].item<float>(), 3.0 / std::sqrt(1.25), 1e-6);
  const auto logits = net.outputs_with(weights, x);
  EXPECT_NEAR(logits[0][0].item<float>(), 7.5f, 1e-6f);
  EXPECT_NEAR(logits[0][1].item<float>(), -2.0f, 1e-6f);
  EXPECT_NEAR(scale_features(net, four_points(), 1), 1.0, 1e-6);
}

TEST(FeatureScaleTest, RefusesWhatCannotBeScaled) {
  const nets::Linear two{.out_features = 2};
  const torch_nets::TorchNet silu(
      nets::Architecture{
          .name = "silu",
          .input = {2, 1, 1},
          .layers = {nets::Flatten{}, two, nets::Activation{nets::ActivationKind::kSilu}, two}},
      0, nets::Outputs::kAny);
  nets::expect_error(ErrorCode::kShape, "linear, relu, linear",
                     [&] { scale_features(silu, four_points(), 1); });
  data::Dataset same = four_points();
  same.values = std::vector<float>(8, 1.0f);
  nets::expect_error(ErrorCode::kBadData, "the features of points have the mean variance 0",
                     [&] { scale_features(identity_net(), same, 1); });
}

}  // namespace
}  // namespace ebm::torch_nets
