#include "torch_nets/weight_gradient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nets/architecture/presets.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

std::vector<float> some_rows(std::int64_t n, std::int64_t dim) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::sin(static_cast<float>(i) * 0.37f);
  return rows;
}

float share_of(std::int64_t row, float energy) { return 0.01f * static_cast<float>(row) - energy; }

/// Energies, and Σ c·∂E/∂θ for the shares above, in double precision.
InDouble weighted_sum(const TorchNet& net, const std::vector<float>& rows) {
  const auto x = torch::tensor(rows, torch::kFloat64).reshape({-1, 1, 28, 28});
  return in_double(net, x.size(0), [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto energies = exact.forward(x);
    const auto c = shares * (0.01 * torch::arange(x.size(0)) - energies.detach());
    auto values = torch::autograd::grad({energies}, exact.trainable(), {c});
    values.push_back(energies);
    return values;
  });
}

std::vector<torch::Tensor> values_of(const WeightGradient& found) {
  std::vector<torch::Tensor> values = found.gradient;
  values.push_back(torch::tensor(found.energies));
  return values;
}

TEST(WeightGradientTest, IsTheGradientOfTheWeightedSumOfEnergies) {
  use_one_intraop_thread();
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 2);
  const auto rows = some_rows(75, 784);
  expect_within_limits(values_of(weight_gradient(net, rows, share_of, 2)), weighted_sum(net, rows));
}

TEST(WeightGradientTest, BitsDoNotDependOnThreads) {
  use_one_intraop_thread();
  const TorchNet net(nets::preset("mnistnet", {1, 12, 12}), 2);
  const auto rows = some_rows(150, 144);
  const auto coefficient = [](std::int64_t row, float) { return row % 2 == 0 ? 1.0f : -1.0f; };
  const auto reference = weight_gradient(net, rows, coefficient, 1);
  for (const int threads : {2, 3, 7}) {
    const auto again = weight_gradient(net, rows, coefficient, threads);
    EXPECT_EQ(again.energies, reference.energies);
    for (std::size_t i = 0; i < again.gradient.size(); ++i) {
      EXPECT_TRUE(torch::equal(again.gradient[i], reference.gradient[i])) << i;
    }
  }
}

TEST(WeightGradientTest, ThreadsInsideOperationsGetAllRowsAtOnce) {
  use_one_intraop_thread();
  TorchNet net(nets::preset("uva", {1, 28, 28}), 2);
  const auto rows = some_rows(75, 784);
  std::vector<std::int64_t> seen;
  const auto coefficient = [&](std::int64_t row, float energy) {
    seen.push_back(row);
    EXPECT_EQ(at::get_num_threads(), 3);
    return share_of(row, energy);
  };
  net.set_intraop_threads(3);
  const auto found = weight_gradient(net, rows, coefficient, 2);
  EXPECT_EQ(seen.size(), 75u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  expect_within_limits(values_of(found), weighted_sum(net, rows));
  EXPECT_EQ(at::get_num_threads(), 1);
}

TEST(WeightGradientTest, MixedGradientIsThatOfTheDirectionalDerivative) {
  use_one_intraop_thread();
  // Smooth, as differences are taken.
  const TorchNet net({.name = "smooth",
                      .input = {3, 1, 1},
                      .layers = {nets::Linear{.out_features = 20}, nets::Activation{},
                                 nets::Linear{.out_features = 20}, nets::Activation{},
                                 nets::Linear{.out_features = 1}}},
                     2);
  const auto rows = some_rows(40, 3);
  const auto v = torch::cos(torch::arange(120).reshape({40, 3}) * 0.7);
  const auto found = mixed_gradient(
      net, rows,
      [&](std::int64_t first, const torch::Tensor& grad) {
        return v.narrow(0, first, grad.size(0));
      },
      2);
  // Central differences of ∂θ E along v: ∂θ(v·∇E(x)) = d/dh ∂θ E(x + h·v).
  const double h = 1e-2;
  const auto shifted = [&](double step) {
    const auto x = torch::from_blob(const_cast<float*>(rows.data()), {40, 3}) + step * v;
    const auto moved = to_vector(x);
    return weight_gradient(
               net, moved, [](std::int64_t, float) { return 1.0f; }, 1)
        .gradient;
  };
  const auto plus = shifted(h), minus = shifted(-h);
  for (std::size_t i = 0; i < plus.size(); ++i) {
    const auto expected = (plus[i] - minus[i]) / (2 * h);
    EXPECT_LT((found.gradient[i] - expected).abs().max().item<float>(),
              1e-2f * (1e-1f + expected.abs().max().item<float>()))
        << i;
  }
}

}  // namespace
}  // namespace ebm::torch_nets
