#include "flow/log_determinant.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/flow/example_flows.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kDim = 3;

/// g(x) = tanh(Ax), at one x; its Jacobian is diag(1 − tanh²)·A.
struct Example {
  torch::Tensor a =
      torch::tensor({0.3, -0.4, 0.1, 0.2, 0.25, -0.35, -0.15, 0.45, 0.2}, torch::kFloat64)
          .reshape({kDim, kDim})
          .requires_grad_();
  torch::Tensor x =
      torch::tensor({0.5, -0.3, 0.8}, torch::kFloat64).reshape({1, kDim, 1, 1}).requires_grad_();
  torch::Tensor g = torch::tanh(torch::mv(a, x.flatten())).reshape({1, kDim, 1, 1});

  torch::Tensor jacobian() const { return (1.0 - g.flatten().square()).unsqueeze(1) * a; }
  /// Σ_{k<=n} (−1)^{k−1}·tr(Jᵏ)/k, with its gradient.
  torch::Tensor series(std::int64_t n) const {
    auto power = torch::eye(kDim, torch::kFloat64);
    auto sum = torch::zeros({}, torch::kFloat64);
    for (std::int64_t k = 1; k <= n; ++k) {
      power = torch::mm(power, jacobian());
      sum = sum + (k % 2 == 1 ? 1.0 : -1.0) / static_cast<double>(k) * power.trace();
    }
    return sum;
  }
};

/// All eight vectors of ±1: the mean over them is the mean over probes.
std::vector<torch::Tensor> all_probes() {
  std::vector<torch::Tensor> all;
  for (int bits = 0; bits < 8; ++bits) {
    all.push_back(
        torch::tensor({bits & 1 ? 1.0 : -1.0, bits & 2 ? 1.0 : -1.0, bits & 4 ? 1.0 : -1.0},
                      torch::kFloat64)
            .reshape({1, kDim, 1, 1}));
  }
  return all;
}

double largest_difference(const std::vector<torch::Tensor>& a,
                          const std::vector<torch::Tensor>& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, (a[i] - b[i]).abs().max().item<double>());
  }
  return most;
}

TEST(LogDeterminantTest, ExactIsThatOfTheMatrix) {
  const Example example;
  const auto j = example.jacobian() + torch::eye(kDim, torch::kFloat64);
  const auto at = [&](int r, int c) { return j[r][c].item<double>(); };
  const double det = at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) -
                     at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) +
                     at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
  EXPECT_NEAR(exact_log_det(example.x, example.g, false).item<double>(), std::log(det), 1e-14);
}

TEST(LogDeterminantTest, ExactHasTheGradientOfLongSeries) {
  const Example example;
  const auto exact = exact_log_det(example.x, example.g, true);
  const auto series = example.series(200);
  EXPECT_NEAR(exact.item<double>(), series.item<double>(), 1e-14);
  const auto of_exact = torch::autograd::grad({exact.sum()}, {example.a, example.x}, {}, true);
  const auto of_series = torch::autograd::grad({series}, {example.a, example.x}, {}, true);
  EXPECT_LT(largest_difference(of_exact, of_series), 1e-13);
}

TEST(LogDeterminantTest, TheMeanOverAllProbesIsTheSeriesWithItsGradient) {
  const Example example;
  for (const std::int64_t n : {1, 2, 5, 8}) {
    const auto truth = example.series(n);
    const auto slopes = torch::autograd::grad({truth}, {example.a, example.x}, {}, true);
    const std::vector<double> ones(static_cast<std::size_t>(n), 1.0);
    torch::Tensor series = torch::zeros({1}, torch::kFloat64), weighted = series, plain = series;
    for (const torch::Tensor& v : all_probes()) {
      series = series + series_log_det(example.x, example.g, v, n, true) / 8.0;
      weighted = weighted + weighted_log_det(example.x, example.g, v, ones) / 8.0;
      plain = plain + weighted_series(example.x, example.g, v, ones) / 8.0;
    }
    for (const torch::Tensor& found : {series, weighted, plain}) {
      EXPECT_NEAR(found.item<double>(), truth.item<double>(), 1e-14) << n;
    }
    for (const torch::Tensor& found : {series, weighted}) {
      const auto grads = torch::autograd::grad({found.sum()}, {example.a, example.x}, {}, true);
      EXPECT_LT(largest_difference(grads, slopes), 1e-14) << n;
    }
  }
}

TEST(LogDeterminantTest, WeightsAreOfTermsAndOfTheirGradients) {
  const Example example;
  const std::vector<double> weights{1.0, 0.5, 2.0};
  // Σ_k w_k·(−1)^{k−1}·tr(Jᵏ)/k from the differences of the series.
  torch::Tensor truth = torch::zeros({}, torch::kFloat64);
  for (std::int64_t k = 1; k <= 3; ++k) {
    truth = truth + weights[static_cast<std::size_t>(k - 1)] *
                        (example.series(k) -
                         (k > 1 ? example.series(k - 1) : torch::zeros({}, torch::kFloat64)));
  }
  torch::Tensor found = torch::zeros({1}, torch::kFloat64);
  for (const torch::Tensor& v : all_probes()) {
    found = found + weighted_log_det(example.x, example.g, v, weights) / 8.0;
  }
  EXPECT_NEAR(found.item<double>(), truth.item<double>(), 1e-14);
  EXPECT_LT(
      largest_difference(torch::autograd::grad({found.sum()}, {example.a, example.x}, {}, true),
                         torch::autograd::grad({truth}, {example.a, example.x}, {}, true)),
      1e-14);
}

TEST(LogDeterminantTest, TheBoundOfTheRestIsWhatIsPublished) {
  const double table[3][4] = {
      {0.5, 0.0046, 8e-5, 0.0}, {0.729, 0.070, 0.0087, 0.0002}, {0.9, 0.472, 0.184, 0.039}};
  const double digits[3][3] = {{5e-5, 5e-6, 5e-5}, {5e-4, 5e-5, 5e-5}, {5e-4, 5e-4, 5e-4}};
  const std::int64_t terms[3] = {5, 10, 20};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      EXPECT_NEAR(truncation_bound(table[row][0], terms[column]), table[row][column + 1],
                  digits[row][column])
          << table[row][0] << " " << terms[column];
    }
  }
}

TEST(LogDeterminantTest, ASeriesOfANetworkIsWithinItsBound) {
  const ResidualFlow flow = bent_images().frozen(torch::kFloat64);
  const auto constants = flow.lipschitz_constants(200);
  const auto x = normal_rows(4, 16).to(torch::kFloat64).reshape({4, 4, 2, 2}).requires_grad_();
  for (std::int64_t block = 0; block < 3; ++block) {
    const auto g = flow.branch(block, x);
    const auto exact = exact_log_det(x, g, false);
    const double lipschitz = constants[static_cast<std::size_t>(block)];
    EXPECT_GT(lipschitz, 0.5);
    for (const std::int64_t n : {1, 5, 10}) {
      // A unit vector a time gives the trace.
      auto series = torch::zeros({4}, torch::kFloat64);
      for (std::int64_t i = 0; i < 16; ++i) {
        auto v = torch::zeros({4, 16}, torch::kFloat64);
        v.select(1, i).fill_(1.0);
        series = series + series_log_det(x, g, v.reshape_as(x), n, false);
      }
      EXPECT_LE((series - exact).abs().max().item<double>(), 16 * truncation_bound(lipschitz, n));
    }
  }
}

TEST(LogDeterminantTest, RouletteWeightsHaveMeanOne) {
  // Weight j beyond the exact terms is q⁻ʲ with chance qʲ: variance q⁻ʲ − 1.
  constexpr double kQ = 0.6;
  constexpr int kDraws = 100000;
  std::vector<double> sums(5, 0.0);
  for (int i = 0; i < kDraws; ++i) {
    base::RandomStream random({.seed = 1, .domain = base::Domain::kRoulette},
                              static_cast<std::uint64_t>(i));
    const auto weights = roulette_weights(2, kQ, random);
    ASSERT_GE(weights.size(), 2u);
    EXPECT_EQ(weights[0], 1.0);
    for (std::size_t k = 0; k < std::min<std::size_t>(5, weights.size()); ++k) {
      sums[k] += weights[k] / kDraws;
    }
  }
  for (std::size_t k = 2; k < 5; ++k) {
    const double se = std::sqrt((std::pow(kQ, 1.0 - static_cast<double>(k)) - 1.0) / kDraws);
    EXPECT_NEAR(sums[k], 1.0, 4.0 * se) << k;
  }
}

TEST(LogDeterminantTest, ProbesAreOfTheirStreams) {
  const std::int64_t all[] = {3, 2, 4, 5}, last[] = {1, 2, 4, 5};
  std::uint64_t word = 0, other = 0;
  const auto probes = draw_probes({.seed = 5}, 10, all, word);
  EXPECT_EQ(word, 2u);
  EXPECT_TRUE(torch::equal(probes.abs(), torch::ones_like(probes)));
  EXPECT_TRUE(torch::equal(probes[2], draw_probes({.seed = 5}, 12, last, other)[0]));
  EXPECT_FALSE(torch::equal(probes, draw_probes({.seed = 5}, 10, all, word)));
  EXPECT_LT(std::abs(probes.mean().item<double>()), 0.4);
}

}  // namespace
}  // namespace ebm::flow
