#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/compiled/mixed_gradient.h"
#include "nets/compiled/plan.h"
#include "tests/nets/random_architecture.h"
#include "tests/samplers/on_every_target.h"
#include "tests/torch_nets/double_reference.h"

namespace ebm::torch_nets {
namespace {
using nets::RandomArchitecture;
using samplers::on_every_target;

/// The gradient of the layer weights, then v·∇ₓE, as mixed_gradient_in_double().
std::vector<torch::Tensor> values_of(const nets::MixedGradient& found, const InDouble& expected) {
  std::vector<std::vector<float>> all = found.gradient;
  all.push_back(found.directional_derivatives);
  std::vector<torch::Tensor> values;
  for (std::size_t i = 0; i < all.size(); ++i) {
    values.push_back(torch::tensor(all[i]).reshape(expected.values.at(i).sizes()));
  }
  return values;
}

/// On every SIMD target against LibTorch's double backward in double precision; energies and ∇ₓE
/// with the bits of the evaluator.
void expect_exact_mixed(const TorchNet& net, std::int64_t n, std::uint64_t seed) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  const torch::Tensor rows = random_rows(n, compiled.dim(), seed);
  const torch::Tensor directions = random_rows(n, compiled.dim(), seed + 7777);
  std::optional<InDouble> expected;
  Slopes taken;
  on_every_target([&] {
    const Slopes slopes = slopes_of(compiled, rows);
    if (!expected || differ(slopes, taken)) {
      taken = slopes;
      expected = mixed_gradient_in_double(net, rows, directions, slopes);
    }
    const nets::MixedGradient found = nets::mixed_gradient(
        compiled,
        std::span<const float>(rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())),
        [&](std::int64_t row, std::span<const float>, std::span<float> direction) {
          const float* const v = directions.data_ptr<float>() + row * compiled.dim();
          std::copy_n(v, compiled.dim(), direction.begin());
        },
        1);
    expect_within_limits(values_of(found, *expected), *expected);
    const Evaluation evaluation = evaluate(compiled, rows);
    EXPECT_EQ(found.energies, to_vector(evaluation.energy));
    EXPECT_EQ(found.energy_grads, to_vector(evaluation.grad));
  });
}

void expect_exact_mixed_preset(const std::string& name, const nets::Shape& input, std::int64_t n) {
  const TorchNet net(nets::preset(name, input), 3);
  undo_init_scale(net);
  expect_exact_mixed(net, n, 1);
}

TEST(CompiledMixedGradientTest, OfUvaEqualsDoubleBackwardInDoublePrecision) {
  expect_exact_mixed_preset("uva", {1, 28, 28}, 37);
}

TEST(CompiledMixedGradientTest, OfMnistnetEqualsDoubleBackwardInDoublePrecision) {
  expect_exact_mixed_preset("mnistnet", {1, 28, 28}, 3);
}

TEST(CompiledMixedGradientTest, OfIgebm32EqualsDoubleBackwardInDoublePrecision) {
  // A quarter of its image: every layer is there, and LibTorch is slow in double precision.
  expect_exact_mixed_preset("igebm32", {3, 16, 16}, 1);
}

TEST(CompiledMixedGradientTest, OfMlpEqualsDoubleBackwardInDoublePrecision) {
  expect_exact_mixed_preset("mlp", {2, 1, 1}, 40);
}

TEST(CompiledMixedGradientTest, OfEveryActivationEqualsDoubleBackwardInDoublePrecision) {
  using nets::ActivationKind;
  const nets::Conv2d conv{
      .out_channels = 19, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
  for (const nets::Activation& activation :
       {nets::Activation{ActivationKind::kSilu, 0.0}, nets::Activation{ActivationKind::kRelu, 0.0},
        nets::Activation{ActivationKind::kLeakyRelu, 0.2},
        nets::Activation{ActivationKind::kElu, 1.0},
        nets::Activation{ActivationKind::kSoftplus, 1.0},
        nets::Activation{ActivationKind::kSoftplus, 3.0},
        nets::Activation{ActivationKind::kTanh, 0.0}}) {
    SCOPED_TRACE(type_name(activation));
    // At the input, between two products, and of the energy itself.
    const TorchNet net(
        {.name = "one",
         .input = {3, 6, 7},
         .layers = {activation, conv, activation, nets::Flatten{}, nets::Linear{.out_features = 8},
                    activation, nets::Linear{}, activation}},
        5);
    expect_exact_mixed(net, 20, 6);
  }
}

TEST(CompiledMixedGradientTest, OfRandomNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 3000; seed < 3200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw(), seed);
    expect_exact_mixed(net, seed % 3 == 0 ? 17 : 5, seed);
  }
}

TEST(CompiledMixedGradientTest, OfGrowingNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 600; seed < 660 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_growing(/*with_norms=*/false), seed);
    expect_exact_mixed(net, seed % 3 == 0 ? 17 : 5, seed);
  }
}

TEST(CompiledMixedGradientTest, OfWideNetworksEqualsDoubleBackwardInDoublePrecision) {
  std::int64_t n_winograd = 0;
  for (std::uint32_t seed = 20; seed < 32 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_wide(), seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_winograd += op.forward_winograd.has_value() && op.backward_winograd.has_value();
    }
    expect_exact_mixed(net, 5, seed);
  }
  EXPECT_GT(n_winograd, 10);
}

TEST(CompiledMixedGradientTest, OfHalvingNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 20; seed < 32 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_halving(/*with_norm=*/false), seed);
    expect_exact_mixed(net, 5, seed);
  }
}

}  // namespace
}  // namespace ebm::torch_nets
