// Dual score matching by each backend, against its formula in double precision, with gradients by
// double backward.

#include "ebm/objectives/dual_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kDualRows = 50;

/// @param context  [kDualRows, context_dim], the level being its last number
void expect_dual(const nets::Architecture& architecture, const std::vector<float>& levels,
                 const std::vector<float>& context, double data_sd) {
  const std::int64_t dim = architecture.input.size();
  const TorchNet net(architecture, 3);
  const auto noisy = rows_of(kDualRows, dim, 0.2f), normals = rows_of(kDualRows, dim, 1.7f);
  const auto z = tensor_of(normals, dim);
  const torch::Tensor contexts = contexts_of(context, kDualRows);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto x = tensor_of(noisy, dim).requires_grad_(true);
    const auto t = tensor_of(levels, 1).square().requires_grad_(true);
    auto with_level = contexts.clone();
    with_level = torch::cat({with_level.slice(1, 0, -1), t.sqrt()}, 1);
    torch::Tensor energy;
    const auto d = static_cast<double>(dim);
    if (data_sd == 0.0) {
      energy = exact.forward(x, with_level);
    } else {
      const auto total = t + data_sd * data_sd;
      const auto f = exact.forward(x / total.sqrt(), with_level);
      energy = (data_sd / t.sqrt().flatten()) * f + x.square().sum(1) / (2.0 * total.flatten()) +
               0.5 * d * (2.0 * std::numbers::pi * total.flatten()).log();
    }
    const auto slopes = torch::autograd::grad({energy.sum()}, {x, t}, {}, true, true);
    const auto of_x = (t / d).flatten() * (slopes[0] - z / t.sqrt()).square().sum(1);
    const auto target = (d - z.square().sum(1)) / (2.0 * t.flatten());
    const auto of_t = (t / d).flatten().square() * (slopes[1].flatten() - target).square();
    return step_values(exact, shares, of_x + of_t, energy);
  };
  const InDouble wanted = in_double(net, kDualRows, formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found =
        dual_score_matching(evaluated, {noisy, normals, levels, context}, data_sd);
    expect_step(found.gradient, {found.loss, found.energy_data}, net, wanted);
  });
}

TEST(DualScoreMatchingTest, IsItsFormula) {
  const LevelContexts at(kDualRows);
  const nets::Architecture net = nets::preset("mlp-silu", {5, 1, 1});
  for (const double data_sd : {0.0, 0.8}) {
    SCOPED_TRACE(data_sd);
    expect_dual(nets::with_noise_level(net), at.levels, at.levels, data_sd);
    expect_dual(nets::with_noise_level(nets::with_classes(net, 3, nets::ClassCondition::kFilm)),
                at.levels, at.with_labels, data_sd);
    expect_dual(nets::with_noise_level(nets::preset("uva", {1, 12, 12})), at.levels, at.levels,
                data_sd);
  }
}

}  // namespace
}  // namespace ebm::torch_nets
