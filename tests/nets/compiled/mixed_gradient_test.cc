#include "nets/gradients/mixed_gradient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "samplers/energy.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/evaluate_rows.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

std::vector<float> random_values(std::int64_t n, std::uint64_t seed, float scale = 1.0f) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 0);
  for (float& value : values) value = scale * static_cast<float>(stream.next_normal());
  return values;
}

LayerWeights random_weights(const Architecture& architecture) {
  LayerWeights weights;
  for (const Parameter& parameter : parameters(architecture)) {
    const float scale = 1.0f / std::sqrt(static_cast<float>(parameter.fan_in));
    weights.push_back(random_values(parameter.size(), weights.size(), scale));
  }
  return weights;
}

Linear linear_of(std::int64_t out_features) { return {.out_features = out_features}; }

/// Smooth: differences of it are taken.
Architecture smooth_mlp() {
  return {.name = "smooth",
          .input = {3, 1, 1},
          .layers = {linear_of(5), Activation{ActivationKind::kSilu, 0.0}, linear_of(4),
                     Activation{ActivationKind::kSoftplus, 1.5}, linear_of(3),
                     Activation{ActivationKind::kTanh, 0.0}, linear_of(1)}};
}

/// E(x) of smooth_mlp() in double precision.
double smooth_energy(const std::vector<std::vector<double>>& weights,
                     const std::vector<double>& x) {
  std::vector<double> a = x;
  for (std::size_t layer = 0; layer < 4; ++layer) {
    std::vector<double> y = weights[2 * layer + 1];
    for (std::size_t o = 0; o < y.size(); ++o) {
      for (std::size_t i = 0; i < a.size(); ++i)
        y[o] += weights[2 * layer][o * a.size() + i] * a[i];
      if (layer == 0) y[o] = y[o] / (1 + std::exp(-y[o]));
      if (layer == 1) y[o] = std::log1p(std::exp(1.5 * y[o])) / 1.5;
      if (layer == 2) y[o] = std::tanh(y[o]);
    }
    a = std::move(y);
  }
  return a[0];
}

/// Σ_b v_b·∇ₓE(x_b) of smooth_mlp(), by central differences.
double sum_of_derivatives(const std::vector<std::vector<double>>& weights,
                          const std::vector<float>& rows, const std::vector<float>& directions) {
  constexpr double kStep = 1e-4;
  double sum = 0.0;
  for (std::size_t row = 0; row < rows.size(); row += 3) {
    std::vector<double> above, below;
    for (std::size_t d = row; d < row + 3; ++d) {
      above.push_back(rows[d] + kStep * directions[d]);
      below.push_back(rows[d] - kStep * directions[d]);
    }
    sum += (smooth_energy(weights, above) - smooth_energy(weights, below)) / (2 * kStep);
  }
  return sum;
}

/// Fixed directions, one a row.
Direction rows_of(const std::vector<float>& directions) {
  return [&](std::int64_t row, std::span<const float>, std::span<float> direction) {
    const auto dim = static_cast<std::int64_t>(direction.size());
    std::copy_n(directions.begin() + row * dim, dim, direction.begin());
  };
}

Conv2d same_conv(std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  Conv2d layer;
  layer.out_channels = out;
  layer.kernel_height = layer.kernel_width = kernel;
  layer.stride = stride;
  const std::int64_t pad = kernel / 2;
  layer.padding = {pad, pad, pad, pad};
  return layer;
}

/// Convolutions, pooling, upsampling and a residual, with kinks and without.
Architecture pooled_net() {
  const Residual residual{{same_conv(9, 3, 1), Activation{ActivationKind::kElu, 1.0}}, {}};
  return {.name = "small",
          .input = {2, 9, 7},
          .layers = {same_conv(9, 3, 1), Activation{}, residual, AvgPool{3, 2}, Upsample{2},
                     Activation{ActivationKind::kLeakyRelu, 0.2}, same_conv(5, 3, 2), Flatten{},
                     linear_of(4), Activation{}, linear_of(1)}};
}

void expect_same(const MixedGradient& found, const MixedGradient& expected) {
  EXPECT_EQ(found.energies, expected.energies);
  EXPECT_EQ(found.energy_grads, expected.energy_grads);
  EXPECT_EQ(found.directional_derivatives, expected.directional_derivatives);
  EXPECT_EQ(found.gradient, expected.gradient);
}

TEST(MixedGradientTest, IsADifferenceQuotientInDoublePrecision) {
  const Architecture architecture = smooth_mlp();
  const LayerWeights weights = random_weights(architecture);
  const CompiledNet net(architecture, weights);
  const auto rows = random_values(21 * 3, 100), directions = random_values(21 * 3, 101);
  std::vector<std::vector<double>> exact;
  for (const auto& each : weights) exact.emplace_back(each.begin(), each.end());
  LayerWeights expected = weights;
  double largest = 0.0;
  for (std::size_t layer = 0; layer < exact.size(); ++layer) {
    for (std::size_t i = 0; i < exact[layer].size(); ++i) {
      constexpr double kStep = 1e-4;
      double& weight = exact[layer][i];
      const double before = weight;
      weight = before + kStep;
      const double above = sum_of_derivatives(exact, rows, directions);
      weight = before - kStep;
      const double below = sum_of_derivatives(exact, rows, directions);
      weight = before;
      expected[layer][i] = static_cast<float>((above - below) / (2 * kStep));
      largest = std::max(largest, std::abs(double{expected[layer][i]}));
    }
  }
  samplers::on_every_target([&] {
    const MixedGradient found = mixed_gradient(net, rows, rows_of(directions), 1);
    ASSERT_EQ(found.gradient.size(), expected.size());
    for (std::size_t layer = 0; layer < expected.size(); ++layer) {
      for (std::size_t i = 0; i < expected[layer].size(); ++i) {
        EXPECT_NEAR(found.gradient[layer][i], expected[layer][i], 2e-6 * largest)
            << layer << ", " << i;
      }
    }
  });
}

TEST(MixedGradientTest, EnergiesAndGradientsAreThoseOfTheEvaluator) {
  const Architecture architecture = pooled_net();
  const CompiledNet net(architecture, random_weights(architecture));
  const auto rows = random_values(37 * net.dim(), 100);
  const auto directions = random_values(37 * net.dim(), 101);
  samplers::on_every_target([&] {
    const samplers::RowValues expected = samplers::evaluate_rows(net, rows);
    const MixedGradient found = mixed_gradient(net, rows, rows_of(directions), 1);
    EXPECT_EQ(found.energies, expected.energy);
    EXPECT_EQ(found.energy_grads, expected.energy_grad);
    for (std::size_t row = 0; row < 37; ++row) {
      const auto dim = static_cast<std::size_t>(net.dim());
      double sum = 0.0, size = 0.0;
      for (std::size_t i = row * dim; i < (row + 1) * dim; ++i) {
        const double term = double{directions[i]} * found.energy_grads[i];
        sum += term;
        size += std::abs(term);
      }
      EXPECT_NEAR(found.directional_derivatives[row], sum, 2e-6 * size) << row;
    }
  });
}

TEST(MixedGradientTest, BitsDoNotDependOnThreads) {
  const Architecture architecture = pooled_net();
  const CompiledNet net(architecture, random_weights(architecture));
  const auto rows = random_values(101 * net.dim(), 100);
  const auto directions = random_values(101 * net.dim(), 101);
  const MixedGradient expected = mixed_gradient(net, rows, rows_of(directions), 1);
  for (const int threads : {2, 3, 7}) {
    SCOPED_TRACE(threads);
    expect_same(mixed_gradient(net, rows, rows_of(directions), threads), expected);
  }
}

TEST(MixedGradientTest, TheCopiesThatFillABlockDoNotCount) {
  const Architecture architecture = pooled_net();
  const CompiledNet net(architecture, random_weights(architecture));
  const auto dim = static_cast<std::ptrdiff_t>(net.dim());
  const auto rows = random_values(19 * dim, 100), directions = random_values(19 * dim, 101);
  const std::vector<float> last_rows(rows.begin() + 16 * dim, rows.end());
  const std::vector<float> last_directions(directions.begin() + 16 * dim, directions.end());
  const MixedGradient found = mixed_gradient(net, rows, rows_of(directions), 1);
  LayerWeights sum = mixed_gradient(net, std::span(rows).first(static_cast<std::size_t>(16 * dim)),
                                    rows_of(directions), 1)
                         .gradient;
  const LayerWeights last = mixed_gradient(net, last_rows, rows_of(last_directions), 1).gradient;
  for (std::size_t layer = 0; layer < sum.size(); ++layer) {
    for (std::size_t i = 0; i < sum[layer].size(); ++i) sum[layer][i] += last[layer][i];
  }
  EXPECT_EQ(found.gradient, sum);
}

TEST(MixedGradientTest, ADirectionMayBeAFunctionOfTheGradient) {
  const Architecture architecture = pooled_net();
  const CompiledNet net(architecture, random_weights(architecture));
  const std::int64_t dim = net.dim();
  const auto rows = random_values(18 * dim, 100), targets = random_values(18 * dim, 101);
  // Of the loss Σ ‖∇E − u‖²/n.
  const auto residual = [&](std::int64_t row, std::span<const float> energy_grad,
                            std::span<float> direction) {
    for (std::size_t d = 0; d < direction.size(); ++d) {
      const float target = targets[static_cast<std::size_t>(row * dim) + d];
      direction[d] = 2.0f * (energy_grad[d] - target) / 18.0f;
    }
  };
  const MixedGradient found = mixed_gradient(net, rows, residual, 2);
  std::vector<float> directions(rows.size());
  for (std::size_t i = 0; i < directions.size(); ++i) {
    directions[i] = 2.0f * (found.energy_grads[i] - targets[i]) / 18.0f;
  }
  expect_same(mixed_gradient(net, rows, rows_of(directions), 1), found);
}

TEST(MixedGradientTest, MemoryOfEarlierCallsLeavesNoTrace) {
  Architecture architecture = pooled_net();
  const CompiledNet used(architecture, random_weights(architecture));
  const auto wild = random_values(40 * used.dim(), 200, 1e20f);
  const auto rows = random_values(5 * used.dim(), 100);
  const auto directions = random_values(40 * used.dim(), 101);
  mixed_gradient(used, wild, rows_of(directions), 2);
  const CompiledNet fresh(architecture, random_weights(architecture));
  expect_same(mixed_gradient(used, rows, rows_of(directions), 1),
              mixed_gradient(fresh, rows, rows_of(directions), 1));
}

TEST(MixedGradientTest, InBfloat16SmallIntegersStayExact) {
  Architecture architecture = pooled_net();
  architecture.layers = {same_conv(9, 3, 1), Activation{ActivationKind::kRelu, 0.0},
                         same_conv(5, 3, 2), Activation{ActivationKind::kRelu, 0.0},
                         Flatten{},          linear_of(1)};
  LayerWeights weights = random_weights(architecture);
  for (auto& each : weights) {
    for (float& value : each) value = static_cast<float>(value > 0.15f) - (value < -0.15f);
  }
  auto rows = random_values(19 * architecture.input.size(), 100);
  auto directions = random_values(19 * architecture.input.size(), 101);
  for (auto* each : {&rows, &directions}) {
    for (float& value : *each) value = std::round(value);
  }
  const MixedGradient expected =
      mixed_gradient(CompiledNet(architecture, weights), rows, rows_of(directions), 1);
  on_every_unit([&] {
    const CompiledNet net(architecture, weights, Precision::kBfloat16);
    expect_same(mixed_gradient(net, rows, rows_of(directions), 1), expected);
  });
}

double norm_of(const LayerWeights& weights, const LayerWeights* less = nullptr) {
  double sum = 0.0;
  for (std::size_t layer = 0; layer < weights.size(); ++layer) {
    for (std::size_t i = 0; i < weights[layer].size(); ++i) {
      sum += std::pow(weights[layer][i] - (less == nullptr ? 0.0f : (*less)[layer][i]), 2);
    }
  }
  return std::sqrt(sum);
}

TEST(MixedGradientTest, InBfloat16ItIsNearThatOfFloat32ForAnyNumberOfThreads) {
  const Architecture architecture = pooled_net();
  const LayerWeights weights = random_weights(architecture);
  const auto rows = random_values(101 * architecture.input.size(), 100);
  const auto directions = random_values(101 * architecture.input.size(), 101);
  const LayerWeights exact =
      mixed_gradient(CompiledNet(architecture, weights), rows, rows_of(directions), 1).gradient;
  on_every_unit(
      [&] {
        const CompiledNet net(architecture, weights, Precision::kBfloat16);
        const MixedGradient found = mixed_gradient(net, rows, rows_of(directions), 1);
        const double error = norm_of(found.gradient, &exact) / norm_of(exact);
        EXPECT_GT(error, 1e-3);
        EXPECT_LT(error, 4e-2);
        for (const int threads : {2, 3, 7}) {
          expect_same(mixed_gradient(net, rows, rows_of(directions), threads), found);
        }
      },
      /*on_all_targets=*/false);
}

TEST(MixedGradientTest, RefusesBatchNormsAndPartsOfRows) {
  const auto nothing = [](std::int64_t, std::span<const float>, std::span<float>) {};
  const Architecture norm{
      .name = "norm", .input = {3, 1, 1}, .layers = {linear_of(4), BatchNorm{}, linear_of(1)}};
  LayerWeights weights = random_weights(norm);
  weights[5].assign(4, 1.0f);  // a variance
  const CompiledNet with_norm(norm, weights);
  expect_error(ErrorCode::kUsage, "the network: has batch norms",
               [&] { mixed_gradient(with_norm, std::vector<float>(3), nothing, 1); });
  const CompiledNet net(smooth_mlp(), random_weights(smooth_mlp()));
  for (const std::size_t n : {0u, 2u, 4u}) {
    expect_error(ErrorCode::kShape, "the rows",
                 [&] { mixed_gradient(net, std::vector<float>(n), nothing, 1); });
  }
}

}  // namespace
}  // namespace ebm::nets
