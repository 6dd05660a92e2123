#include "flow/flow_energy.h"

#include <gtest/gtest.h>

#include <vector>

#include "flow/log_determinant.h"
#include "samplers/run_chains.h"
#include "tests/flow/example_flows.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::flow {
namespace {

struct Evaluated {
  std::vector<float> energy, energy_grad;
};

Evaluated evaluate(const samplers::Energy& energy, const torch::Tensor& rows, int n_threads = 1) {
  samplers::ChainStore chains(rows.size(0), energy.dim());
  const std::vector<float> values(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel());
  chains.load_rows(values);
  samplers::evaluate_chains(energy, chains, n_threads);
  Evaluated found{std::vector<float>(static_cast<std::size_t>(rows.size(0))), {}};
  chains.store_energy(found.energy);
  const std::int64_t n_blocks = (rows.size(0) + samplers::kLanes - 1) / samplers::kLanes;
  const auto grads = chains.blocks(0, n_blocks).energy_grad;
  found.energy_grad.assign(grads.begin(), grads.end());
  return found;
}

/// ∂E/∂x_d of row i of what was evaluated.
float slope(const Evaluated& found, std::int64_t dim, std::int64_t row, std::int64_t d) {
  const std::int64_t block = row / samplers::kLanes, lane = row % samplers::kLanes;
  return found.energy_grad[static_cast<std::size_t>((block * dim + d) * samplers::kLanes + lane)];
}

TEST(FlowEnergyTest, OfPointsIsMinusTheExactLogDensity) {
  const ResidualFlow flow = bent_plane();
  const FlowEnergy energy(flow);
  EXPECT_TRUE(energy.is_exact());
  EXPECT_EQ(energy.log_z(), 0.0);
  const auto x = normal_rows(40, 2);
  const Evaluated found = evaluate(energy, x);
  const auto formula = [&](const std::vector<torch::Tensor>& weights) {
    const ResidualFlow in_double = flow.frozen(torch::kFloat64);
    {
      const torch::NoGradGuard no_grad;
      for (std::size_t i = 0; i < weights.size(); ++i) {
        in_double.tensors()[i].copy_(weights[i]);
      }
    }
    const auto log_density =
        in_double.log_density(x.to(torch::kFloat64).requires_grad_(),
                              [](std::int64_t, const torch::Tensor& at, const torch::Tensor& g) {
                                return exact_log_det(at, g, false);
                              });
    return std::vector<torch::Tensor>{-log_density};
  };
  torch_nets::expect_within_limits(
      {torch::tensor(std::vector<float>(found.energy.begin(), found.energy.begin() + 40))},
      torch_nets::in_double(flow.tensors(), formula));
}

TEST(FlowEnergyTest, GradientsAreThoseOfTheEnergy) {
  for (const bool exact : {true, false}) {
    const ResidualFlow flow = exact ? bent_plane(nets::ActivationKind::kSilu)
                                    : bent(ResidualFlow({.item = {1, 6, 6},
                                                         .squeezes = 1,
                                                         .blocks = 2,
                                                         .hidden = 6,
                                                         .activation = nets::ActivationKind::kSilu},
                                                        4));
    const FlowEnergy energy(flow, {.terms = 6});
    EXPECT_EQ(energy.is_exact(), exact);
    const std::int64_t dim = energy.dim();
    const auto x = normal_rows(3, dim);
    const Evaluated at = evaluate(energy, x);
    for (std::int64_t d = 0; d < dim; d += 5) {
      auto up = x.clone(), down = x.clone();
      up.select(1, d) += 5e-3;
      down.select(1, d) -= 5e-3;
      const Evaluated above = evaluate(energy, up), below = evaluate(energy, down);
      for (std::int64_t i = 0; i < 3; ++i) {
        const auto row = static_cast<std::size_t>(i);
        EXPECT_NEAR(slope(at, dim, i, d), (above.energy[row] - below.energy[row]) / 1e-2, 5e-3)
            << exact << " " << d;
      }
    }
  }
}

TEST(FlowEnergyTest, BitsDoNotDependOnThreads) {
  const FlowEnergy energy(bent_images(), {.max_exact_dim = 2, .terms = 4});
  EXPECT_EQ(energy.log_z(), std::nullopt);
  const auto x = normal_rows(100, 16);
  const Evaluated one = evaluate(energy, x, 1);
  for (const int n_threads : {2, 3, 7}) {
    const Evaluated more = evaluate(energy, x, n_threads);
    EXPECT_EQ(more.energy, one.energy);
    EXPECT_EQ(more.energy_grad, one.energy_grad);
  }
}

}  // namespace
}  // namespace ebm::flow
