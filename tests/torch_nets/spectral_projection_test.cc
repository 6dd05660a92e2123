#include "torch_nets/spectral_projection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "torch_nets/layer_forward.h"

namespace ebm::torch_nets {
namespace {

/// The dense matrix [outputs, inputs] of a layer without bias: images of the unit vectors.
torch::Tensor dense(const nets::WeightedLayer& layer, const torch::Tensor& weight) {
  const nets::Shape& in = layer.input;
  const auto units =
      torch::eye(in.size(), torch::kFloat64).reshape({-1, in.channels, in.height, in.width});
  const std::vector<torch::Tensor> weights{weight};
  LayerPass pass{.weights = weights.begin()};
  return apply_layers({layer.layer}, units, pass).flatten(1).t();
}

double by_svd(const torch::Tensor& matrix) {
  return torch::linalg_svdvals(matrix).max().item<double>();
}

nets::Conv2d conv(std::int64_t kernel, std::int64_t stride, nets::Padding padding) {
  return {.out_channels = 3,
          .kernel_height = kernel,
          .kernel_width = kernel,
          .stride = stride,
          .padding = padding,
          .bias = false};
}

torch::Tensor some_weight(std::vector<std::int64_t> shape) {
  torch::manual_seed(4);
  return torch::randn(shape, torch::kFloat64);
}

TEST(SpectralProjectionTest, TheGradientOfANormIsItsDerivative) {
  const nets::WeightedLayer layer{conv(3, 1, {1, 1, 1, 1}), {2, 5, 6}};
  const auto weight = some_weight({3, 2, 3, 3});
  const auto direction = torch::randn({3, 2, 3, 3}, torch::kFloat64);
  auto vector = power_iteration_start(layer).to(torch::kFloat64);
  const auto norm_at = [&](double step) {
    return largest_singular_value(layer, weight + step * direction, 2000, vector);
  };
  const double wanted = (norm_at(1e-5) - norm_at(-1e-5)) / 2e-5;
  norm_at(0.0);
  const auto gradient = singular_value_gradient(layer, weight, vector);
  EXPECT_NEAR((gradient * direction).sum().item<double>(), wanted, 1e-7 * std::abs(wanted) + 1e-7);
  // A norm is homogeneous: ⟨∂σ/∂W, W⟩ = σ.
  EXPECT_NEAR((gradient * weight).sum().item<double>(), norm_at(0.0), 1e-10);
}

TEST(SpectralProjectionTest, NormOfAConvolutionIsThatOfItsDenseMatrix) {
  struct Case {
    nets::Conv2d conv;
    nets::Shape input;
  };
  for (const Case& each :
       {Case{conv(3, 1, {1, 1, 1, 1}), {2, 7, 6}}, Case{conv(4, 2, {1, 1, 1, 1}), {2, 8, 8}},
        Case{conv(3, 2, {0, 1, 1, 2}), {2, 7, 9}}}) {
    const auto weight = some_weight({3, 2, each.conv.kernel_height, each.conv.kernel_width});
    const nets::WeightedLayer layer{each.conv, each.input};
    const double exact = by_svd(dense(layer, weight));
    EXPECT_NEAR(largest_singular_value(layer, weight, NormOf::kOperator, 2000), exact,
                1e-6 * exact);
    // From below, and near it soon.
    const double early = largest_singular_value(layer, weight, NormOf::kOperator, 10);
    EXPECT_LT(early, exact * (1 + 1e-12));
    EXPECT_GT(early, 0.8 * exact);
    // That of the matrix is another: for three channels as large as the operator's at most, by
    // √(kernel·kernel/stride²) smaller at least.
    const double matrix = largest_singular_value(layer, weight, NormOf::kMatrix, 2000);
    EXPECT_NEAR(matrix, by_svd(weight.flatten(1)), 1e-6 * matrix);
    EXPECT_GT(std::abs(matrix / exact - 1), 0.05);
  }
}

TEST(SpectralProjectionTest, NormOfATransposedConvolutionAndOfALinearLayer) {
  const nets::ConvTranspose2d transposed{.out_channels = 3,
                                         .kernel_height = 4,
                                         .kernel_width = 4,
                                         .stride = 2,
                                         .padding = {1, 1, 1, 1},
                                         .bias = false};
  const nets::WeightedLayer layer{transposed, {2, 4, 5}};
  const auto weight = some_weight({2, 3, 4, 4});
  const double exact = by_svd(dense(layer, weight));
  EXPECT_NEAR(largest_singular_value(layer, weight, NormOf::kOperator, 2000), exact, 1e-6 * exact);
  const auto square = some_weight({5, 6});
  const nets::WeightedLayer linear{nets::Linear{.out_features = 5}, {6, 1, 1}};
  for (const NormOf norm : {NormOf::kMatrix, NormOf::kOperator}) {
    EXPECT_NEAR(largest_singular_value(linear, square, norm, 2000), by_svd(square), 1e-6);
  }
}

TEST(SpectralProjectionTest, ProjectionBoundsTheNormsAndLeavesSmallOnes) {
  const nets::Architecture architecture{
      .name = "d",
      .input = {2, 6, 6},
      .layers = {nets::Layer(conv(3, 1, {1, 1, 1, 1})), nets::Flatten{},
                 nets::Linear{.out_features = 4}, nets::Linear{.out_features = 1}}};
  const TorchNet net(architecture, 1);
  const torch::NoGradGuard no_grad;
  net.tensors()[0].mul_(9.0);
  net.tensors()[3].mul_(1e-3);
  const auto last = net.tensors()[3].clone();
  project_norms(net, NormOf::kOperator, 0.8, 2000);
  const auto layers = nets::weighted_layers(architecture);
  ASSERT_EQ(layers.size(), 3u);
  EXPECT_EQ(layers[1].input, (nets::Shape{108, 1, 1}));
  EXPECT_NEAR(by_svd(dense(layers[0], net.tensors()[0].to(torch::kFloat64))), 0.8, 1e-5);
  EXPECT_TRUE(torch::equal(net.tensors()[3], last));
}

TEST(SpectralProjectionTest, NotBesideNormsOfTheNetworkItself) {
  const TorchNet net({.name = "d",
                      .input = {2, 1, 1},
                      .layers = {nets::Linear{.out_features = 1, .spectral_norm = true}}},
                     1);
  EXPECT_THROW(project_norms(net, NormOf::kMatrix, 1.0, 1), Error);
}

}  // namespace
}  // namespace ebm::torch_nets
