// Sliced score matching by each backend, against its formula in double precision, with gradients by
// backward through second derivatives; and the compiled gradient of second derivatives by itself.

#include "ebm/objectives/sliced_score_matching.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kSlicedRows = 50;

void expect_sliced(const nets::Architecture& architecture, const std::vector<float>& context) {
  const std::int64_t dim = architecture.input.size();
  const TorchNet net(architecture, 3);
  const auto data = rows_of(kSlicedRows, dim, 0.2f), normals = rows_of(kSlicedRows, dim, 1.7f);
  const auto v = tensor_of(normals, dim);
  const torch::Tensor contexts = contexts_of(context, kSlicedRows);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto x = tensor_of(data, dim).requires_grad_(true);
    const auto energy = exact.forward(x, contexts);
    const auto slope = torch::autograd::grad({energy.sum()}, {x}, {}, true, true)[0];
    const auto bend = torch::autograd::grad({(slope * v).sum()}, {x}, {}, true, true)[0];
    return step_values(exact, shares, 0.5 * slope.square().sum(1) - (bend * v).sum(1), energy);
  };
  const InDouble wanted = in_double(net, kSlicedRows, formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found = sliced_score_matching(evaluated, {data, context}, normals);
    expect_step(found.gradient, {found.loss, found.energy_data}, net, wanted);
  });
}

TEST(SlicedScoreMatchingTest, IsItsFormula) {
  const nets::Architecture net = nets::preset("mlp-silu", {5, 1, 1});
  expect_sliced(net, {});
  expect_sliced(nets::preset("uva", {1, 12, 12}), {});
  std::vector<float> labels;
  for (std::int64_t i = 0; i < kSlicedRows; ++i) labels.push_back(static_cast<float>(i % 4));
  expect_sliced(nets::with_classes(net, 3, nets::ClassCondition::kFilm), labels);
  expect_sliced(nets::with_classes(net, 3, nets::ClassCondition::kProjection), labels);
}

TEST(CompiledCurvatureGradientTest, OfEveryActivationEqualsLibTorchInDoublePrecision) {
  using nets::ActivationKind;
  const nets::Conv2d conv{
      .out_channels = 19, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
  for (const nets::Activation& activation :
       {nets::Activation{ActivationKind::kSilu, 0.0}, nets::Activation{ActivationKind::kElu, 1.0},
        nets::Activation{ActivationKind::kSoftplus, 1.0},
        nets::Activation{ActivationKind::kSoftplus, 3.0},
        nets::Activation{ActivationKind::kTanh, 0.0},
        nets::Activation{ActivationKind::kScale, 2.5}}) {
    SCOPED_TRACE(type_name(activation));
    const nets::Activation silu;
    const TorchNet net(
        {.name = "one",
         .input = {3, 6, 7},
         .layers = {activation, conv, activation, nets::Flatten{}, nets::Linear{.out_features = 8},
                    silu, nets::Linear{}, activation}},
        5);
    const std::int64_t dim = net.architecture().input.size();
    expect_exact_curvature(net, random_rows(20, dim, 6), random_rows(20, dim, 7));
  }
}

TEST(CompiledCurvatureGradientTest, OfRandomNetworksEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 3000; seed < 3100 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(nets::RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw(), seed);
    const std::int64_t dim = net.architecture().input.size(), n = seed % 3 == 0 ? 17 : 5;
    expect_exact_curvature(net, random_rows(n, dim, seed), random_rows(n, dim, seed + 7777));
  }
}

TEST(CompiledCurvatureGradientTest, OfConditionalNetworksEqualsLibTorchInDoublePrecision) {
  int n_checked = 0;
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(
        nets::RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_conditional(), seed);
    if (std::holds_alternative<nets::ClassLogits>(net.architecture().layers.back().op)) continue;
    undo_init_scale(net);
    const std::int64_t dim = net.architecture().input.size(), n = seed % 3 == 0 ? 19 : 7;
    expect_exact_curvature(net, random_rows(n, dim, seed), random_rows(n, dim, seed + 7777),
                           random_context(net.architecture(), n, seed));
    ++n_checked;
  }
  EXPECT_GT(n_checked, 20);
}

}  // namespace
}  // namespace ebm::torch_nets
