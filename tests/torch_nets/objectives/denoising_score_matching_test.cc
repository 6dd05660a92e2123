// Denoising score matching by each backend, against its formula in double precision, with gradients
// by double backward.

#include "ebm/objectives/denoising_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kRows = 50;

/// Holds a step to the formula: loss, mean energy and gradient.
/// @param context  of each row, [kRows, context_dim]
void expect_score_matching(const nets::Architecture& architecture, const std::vector<float>& levels,
                           const std::vector<float>& context, double data_sd) {
  const std::int64_t dim = architecture.input.size();
  const TorchNet net(architecture, 3);
  const auto noisy = rows_of(kRows, dim, 0.2f), normals = rows_of(kRows, dim, 1.7f);
  const auto sigma = tensor_of(levels, 1), z = tensor_of(normals, dim);
  const torch::Tensor contexts = contexts_of(context, kRows);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto x = tensor_of(noisy, dim).requires_grad_(true);
    torch::Tensor energy;
    if (data_sd == 0.0) {
      energy = exact.forward(x, contexts);
    } else {
      const auto total = sigma.square() + data_sd * data_sd;
      const auto f = exact.forward(x / total.sqrt(), contexts);
      energy = (data_sd / sigma.flatten()) * f + x.square().sum(1) / (2.0 * total.flatten());
    }
    const auto slope = torch::autograd::grad({energy.sum()}, {x}, {}, true, true)[0];
    return step_values(exact, shares, 0.5 * (sigma * slope - z).square().sum(1), energy);
  };
  const InDouble wanted = in_double(net, kRows, formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found =
        denoising_score_matching(evaluated, {noisy, normals, levels, context}, data_sd);
    expect_step(found.gradient, {found.loss, found.energy_data}, net, wanted);
  });
}

TEST(DenoisingScoreMatchingTest, OneLevelIsItsFormula) {
  expect_score_matching(nets::preset("mlp-silu", {5, 1, 1}), std::vector<float>(kRows, 0.3f), {},
                        0.0);
  expect_score_matching(nets::preset("uva", {1, 12, 12}), std::vector<float>(kRows, 0.7f), {}, 0.0);
}

TEST(DenoisingScoreMatchingTest, ManyLevelsAreTheirFormula) {
  const LevelContexts at(kRows);
  const nets::Architecture net = nets::preset("mlp-silu", {5, 1, 1});
  for (const double data_sd : {0.0, 0.8}) {
    SCOPED_TRACE(data_sd);
    expect_score_matching(nets::with_noise_level(net), at.levels, at.levels, data_sd);
    expect_score_matching(
        nets::with_noise_level(nets::with_classes(net, 3, nets::ClassCondition::kFilm)), at.levels,
        at.with_labels, data_sd);
  }
}

}  // namespace
}  // namespace ebm::torch_nets
