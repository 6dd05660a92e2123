#include "training/trained_net.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tests/nets/expect_error.h"

namespace ebm::training {
namespace {

/// Layers with spectral norms, weight norms and without.
nets::Architecture normed() {
  return {.name = "normed",
          .input = {2, 4, 4},
          .layers = {
              nets::Conv2d{
                  .out_channels = 3, .kernel_height = 3, .kernel_width = 3, .spectral_norm = true},
              nets::Activation{}, nets::Flatten{},
              nets::Linear{.out_features = 5, .spectral_norm = true}, nets::Activation{},
              nets::Linear{.out_features = 4, .weight_norm = true, .init_scale = 1.5},
              nets::Linear{.out_features = 1}}};
}

/// Σ c·(layer weights) in double precision, with one parameter moved.
double weighted_sum(const TrainedNet& net, const nets::LayerWeights& c, std::size_t tensor,
                    std::size_t at, double move) {
  const auto value = [&](std::size_t i, std::size_t k) {
    return net.tensors()[i][k] + (i == tensor && k == at ? move : 0.0);
  };
  double sum = 0.0;
  std::size_t layer = 0;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    if (!net.specs()[i].is_used()) continue;
    double sigma = 1.0;
    if (net.specs()[i].kind == nets::ParameterKind::kWeight && net.specs()[i].spectral_norm) {
      const auto &u = net.tensors()[i + 1], &v = net.tensors()[i + 2];
      sigma = 0.0;
      for (std::size_t row = 0; row < u.size(); ++row) {
        for (std::size_t column = 0; column < v.size(); ++column) {
          sigma += double{u[row]} * value(i, row * v.size() + column) * v[column];
        }
      }
    }
    const bool has_length =
        net.specs()[i].kind == nets::ParameterKind::kWeight && net.specs()[i].weight_norm;
    const std::size_t n_rows = has_length ? net.tensors()[i + 1].size() : 1;
    const std::size_t n = c[layer].size() / n_rows;
    for (std::size_t row = 0; row < n_rows; ++row) {
      double factor = 1.0 / sigma, squares = 0.0;
      for (std::size_t k = row * n; k < (row + 1) * n; ++k) squares += value(i, k) * value(i, k);
      if (has_length) factor = value(i + 1, row) / std::sqrt(squares);
      for (std::size_t k = row * n; k < (row + 1) * n; ++k) {
        sum += c[layer][k] * value(i, k) * factor;
      }
    }
    ++layer;
  }
  return sum;
}

TEST(TrainedNetTest, GradientGoesThroughTheNormsOfWeights) {
  TrainedNet net(normed(), 3);
  nets::LayerWeights c = net.layer_weights();
  for (std::size_t i = 0; i < c.size(); ++i) {
    for (std::size_t k = 0; k < c[i].size(); ++k) {
      c[i][k] = std::sin(static_cast<float>(7 * i + k) + 0.4f);
    }
  }
  const auto found = net.parameter_gradient(c);
  ASSERT_EQ(found.size(), net.trainable().size());
  std::size_t of_trained = 0;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    if (!net.specs()[i].trainable()) continue;
    ASSERT_EQ(found[of_trained].size(), net.tensors()[i].size());
    for (std::size_t k = 0; k < net.tensors()[i].size(); ++k) {
      constexpr double kStep = 1e-5;
      const double wanted =
          (weighted_sum(net, c, i, k, kStep) - weighted_sum(net, c, i, k, -kStep)) / (2 * kStep);
      // The difference quotient is off by some kStep², what was found by its own rounding.
      EXPECT_NEAR(found[of_trained][k], wanted, 1e-6 * (1.0 + std::abs(wanted)))
          << net.specs()[i].name << " " << k;
    }
    ++of_trained;
  }
}

TEST(TrainedNetTest, PowerIterationsFindTheLargestSingularValue) {
  TrainedNet net({.name = "two",
                  .input = {2, 1, 1},
                  .layers = {nets::Linear{.out_features = 2, .spectral_norm = true},
                             nets::Linear{.out_features = 1}}},
                 1);
  // [3 0; 4 5] has the singular values √45 and √5.
  net.tensors()[0] = {3, 0, 4, 5};
  net.power_iteration(30);
  const auto weights = net.layer_weights();
  const double sigma = std::sqrt(45.0);
  const double wanted[] = {3 / sigma, 0, 4 / sigma, 5 / sigma};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(weights[0][k], wanted[k], 1e-6) << k;
  // v = (1, 1)/√2 and u = (1, 3)/√10, but for a sign.
  const auto &u = net.tensors()[1], &v = net.tensors()[2];
  EXPECT_NEAR(std::abs(u[0]), std::sqrt(0.1), 1e-6);
  EXPECT_NEAR(u[1] / u[0], 3.0, 1e-5);
  EXPECT_NEAR(v[1] / v[0], 1.0, 1e-5);
}

TEST(TrainedNetTest, IsRestoredWhereItsValuesLie) {
  TrainedNet net(normed(), 3);
  const TrainedNet other(normed(), 4);
  const float* at = net.trainable()[0].values.data();
  const nets::SafetensorsFile file{.tensors = other.to_tensor_data(), .metadata = {}};
  net.restore(file, "m");
  EXPECT_EQ(net.tensors(), other.tensors());
  EXPECT_EQ(net.trainable()[0].values.data(), at);
  const TrainedNet moved = std::move(net);
  EXPECT_EQ(moved.tensors()[0].data(), at);
}

TEST(TrainedNetTest, FilesThatDoNotFitAreRefusedAndChangeNothing) {
  TrainedNet net(normed(), 3);
  const auto before = net.tensors();
  const nets::SafetensorsFile good{.tensors = TrainedNet(normed(), 4).to_tensor_data(),
                                   .metadata = {}};
  nets::SafetensorsFile file = good;
  file.tensors.erase("6.bias");
  nets::expect_error(ErrorCode::kBadData, "m: tensor 6.bias is missing",
                     [&] { net.restore(file, "m"); });
  file.tensors["6.bias"] = nets::TensorData::from_floats({2}, std::vector<float>(2));
  nets::expect_error(ErrorCode::kBadData, "m: tensor 6.bias has shape [2]; expected [1]",
                     [&] { net.restore(file, "m"); });
  file.tensors["6.bias"] = nets::TensorData::from_floats({1}, std::vector<float>{NAN});
  nets::expect_error(ErrorCode::kBadData, "m: tensor 6.bias holds nan",
                     [&] { net.restore(file, "m"); });
  file = good;
  file.tensors["7.bias"] = good.tensors.at("6.bias");
  nets::expect_error(ErrorCode::kBadData, "m: tensor 7.bias does not belong to normed",
                     [&] { net.restore(file, "m"); });
  EXPECT_EQ(net.tensors(), before);
}

}  // namespace
}  // namespace ebm::training
