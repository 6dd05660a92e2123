#include "flow/inverse.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "flow/flow_sampler.h"
#include "tests/flow/example_flows.h"

namespace ebm::flow {
namespace {

TEST(InverseTest, OfALinearBlockIsAGeometricSeries) {
  // Positive inputs of elu are linear: g(y) = 0.5·y for y > 0, so that x_n − x = (−½)ⁿ·(x₀ − x).
  ResidualFlow flow({.item = {1, 1, 1}, .blocks = 1, .hidden = 1}, 1);
  {
    const torch::NoGradGuard no_grad;
    const std::vector<double> values{0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 1.0, 0.0};
    for (std::size_t i = 0; i < values.size(); ++i) flow.tensors()[i].fill_(values[i]);
  }
  const ResidualFlow frozen = flow.frozen(torch::kFloat64);
  const auto z = torch::tensor({{3.0}}, torch::kFloat64);
  const Inverse inverse = invert(frozen, z, {0.5}, 1e-3);
  // ‖x₁ − x₀‖ = 1.5; the least n with 2·1.5·2⁻ⁿ <= 10⁻³ is 12. Its steps shrink by ½ exactly.
  EXPECT_EQ(inverse.blocks[0].bound_iterations, 12);
  EXPECT_EQ(inverse.blocks[0].iterations, 12);
  EXPECT_NEAR(inverse.x.item<double>(), 2.0 + std::pow(-0.5, 12), 1e-12);
  EXPECT_NEAR(inverse.blocks[0].error_bound, 1.5 * std::pow(0.5, 11), 1e-12);
  // A looser constant says more steps; the step made says that fewer do.
  const Inverse loose = invert(frozen, z, {0.8}, 1e-3);
  EXPECT_EQ(loose.blocks[0].bound_iterations, 40);  // ln(0.2·10⁻³/1.5)/ln 0.8 = 39.99
  // L/(1 − L)·1.5·2^{1−n} <= 10⁻³ at n = 14.
  EXPECT_EQ(loose.blocks[0].iterations, 14);
  EXPECT_NEAR(loose.blocks[0].error_bound, 6.0 * std::pow(0.5, 13), 1e-12);
}

TEST(InverseTest, BringsDataBackWithinTheBound) {
  for (const ResidualFlow& flow :
       {bent_plane(), bent_plane(nets::ActivationKind::kSilu), bent_images()}) {
    const ResidualFlow frozen = flow.frozen(torch::kFloat64);
    const std::int64_t dim = flow.architecture().item.size();
    const auto x = 2.0 * normal_rows(20, dim).to(torch::kFloat64);
    const Inverse inverse =
        invert(frozen, frozen.forward(x), frozen.lipschitz_constants(200), 1e-9);
    EXPECT_LT((inverse.x - x).abs().max().item<double>(), 1e-7);
    for (const BlockInverse& block : inverse.blocks) {
      EXPECT_GT(block.iterations, 3);
      EXPECT_LE(block.iterations, block.bound_iterations);
      EXPECT_LE(block.error_bound, 1e-9);
    }
  }
}

TEST(InverseTest, BringsImagesBackThroughALogit) {
  const ResidualFlow flow = bent_square().frozen(torch::kFloat64);
  const auto x = normal_rows(50, 2).to(torch::kFloat64).clamp(-1.0, 1.0);
  const Inverse inverse = invert(flow, flow.forward(x), flow.lipschitz_constants(200), 1e-9);
  EXPECT_LT((inverse.x - x).abs().max().item<double>(), 1e-8);
}

TEST(InverseTest, AnErrorOfOneBlockIsBelowItsBound) {
  const ResidualFlow flow = bent_plane().frozen(torch::kFloat64);
  const auto constants = flow.lipschitz_constants(200);
  const auto x = 2.0 * normal_rows(20, 2).to(torch::kFloat64).reshape({20, 2, 1, 1});
  // The last block alone: what a flow of one block would do.
  const torch::NoGradGuard no_grad;
  const auto y = x + flow.branch(3, x);
  auto found = y;
  const double first = (flow.branch(3, y)).flatten(1).norm(2, 1).max().item<double>();
  for (int n = 1; n <= 30; ++n) {
    found = y - flow.branch(3, found);
    const double error = (found - x).flatten(1).norm(2, 1).max().item<double>();
    EXPECT_LE(error, std::pow(constants[3], n) / (1.0 - constants[3]) * first + 1e-14) << n;
  }
}

TEST(InverseTest, BitsDoNotDependOnThreads) {
  const ResidualFlow flow = bent_images();
  const std::atomic<int> never{0};
  const auto draw = [&](int n_threads) {
    return draw_samples(flow, 150, 0.8, {.seed = 3, .domain = base::Domain::kSampleInit}, 0, 1e-5,
                        n_threads, never)
        ->rows;
  };
  const auto reference = draw(1);
  for (const int n_threads : {2, 3, 7}) EXPECT_EQ(draw(n_threads), reference);
  const std::atomic<int> stop{2};
  EXPECT_FALSE(draw_samples(flow, 150, 1.0, {}, 0, 1e-5, 1, stop));
}

TEST(InverseTest, DrawsAreLatentsOfVarianceTemperature) {
  const ResidualFlow flow = bent_plane();
  const std::atomic<int> never{0};
  const auto samples = draw_samples(
      flow, 5000, 0.25, {.seed = 3, .domain = base::Domain::kSampleInit}, 0, 1e-6, 2, never);
  const auto z = flow.forward(torch::tensor(samples->rows).reshape({5000, 2}));
  // Var of a mean of z² over 10000 is 2·0.25²/10000.
  EXPECT_NEAR(z.square().mean().item<double>(), 0.25, 4.0 * 0.25 * std::sqrt(2.0 / 10000.0));
}

}  // namespace
}  // namespace ebm::flow
