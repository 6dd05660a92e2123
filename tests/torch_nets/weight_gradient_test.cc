#include "torch_nets/weight_gradient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "nets/architecture/presets.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

std::vector<float> some_rows(std::int64_t n, std::int64_t dim) {
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::sin(static_cast<float>(i) * 0.37f);
  return rows;
}

void expect_close(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_LT((a[i] - b[i]).abs().max().item<float>(),
              2e-5f * (1e-3f + b[i].abs().max().item<float>()))
        << i;
  }
}

TEST(WeightGradientTest, IsTheGradientOfTheWeightedSumOfEnergies) {
  use_one_intraop_thread();
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 2);
  const auto rows = some_rows(75, 784);
  const auto coefficient = [](std::int64_t row, float energy) {
    return 0.01f * static_cast<float>(row) - energy;
  };
  const auto found = weight_gradient(net, rows, coefficient, 2);
  const auto x = torch::from_blob(const_cast<float*>(rows.data()), {75, 1, 28, 28});
  const auto energies = net.forward(x);
  const auto c = 0.01 * torch::arange(75) - energies.detach();
  const auto expected = torch::autograd::grad({(c * energies).sum()}, net.trainable());
  expect_close(found.gradient, expected);
  for (std::int64_t i = 0; i < 75; ++i) {
    EXPECT_NEAR(found.energies[static_cast<std::size_t>(i)], energies[i].item<float>(), 1e-6f);
  }
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
    EXPECT_EQ(at::get_num_threads(), net.intraop_threads() > 0 ? 3 : 1);
    return 0.01f * static_cast<float>(row) - energy;
  };
  const auto expected = weight_gradient(net, rows, coefficient, 1);
  net.set_intraop_threads(3);
  seen.clear();
  const auto found = weight_gradient(net, rows, coefficient, 2);
  EXPECT_EQ(seen.size(), 75u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  expect_close(found.gradient, expected.gradient);
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
