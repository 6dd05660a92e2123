#include <gtest/gtest.h>

#include "nets/compiled/plan.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"

namespace ebm::torch_nets {
namespace {
using nets::RandomArchitecture;

void expect_random_mixed(const TorchNet& net, std::int64_t n, std::uint64_t seed) {
  const std::int64_t dim = net.architecture().input.size();
  expect_exact_mixed(net, random_rows(n, dim, seed), random_rows(n, dim, seed + 7777));
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
        nets::Activation{ActivationKind::kTanh, 0.0},
        nets::Activation{ActivationKind::kScale, 2.5}}) {
    SCOPED_TRACE(type_name(activation));
    // At the input, between two products, and of the energy itself.
    const TorchNet net(
        {.name = "one",
         .input = {3, 6, 7},
         .layers = {activation, conv, activation, nets::Flatten{}, nets::Linear{.out_features = 8},
                    activation, nets::Linear{}, activation}},
        5);
    expect_random_mixed(net, 20, 6);
  }
}

TEST(CompiledMixedGradientTest, OfRandomNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 3000; seed < 3200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw(), seed);
    expect_random_mixed(net, seed % 3 == 0 ? 17 : 5, seed);
  }
}

TEST(CompiledMixedGradientTest, OfGrowingNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 600; seed < 630 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_growing(/*with_norms=*/false), seed);
    expect_random_mixed(net, seed % 3 == 0 ? 17 : 5, seed);
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
    expect_random_mixed(net, 5, seed);
  }
  EXPECT_GT(n_winograd, 10);
}

TEST(CompiledMixedGradientTest, OfUNetsEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 200; seed < 260 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_unet(), seed);
    expect_random_mixed(net, seed % 3 == 0 ? 17 : 5, seed);
  }
}

TEST(CompiledMixedGradientTest, OfHalvingNetworksEqualsDoubleBackwardInDoublePrecision) {
  for (std::uint32_t seed = 20; seed < 32 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_halving(/*with_norm=*/false), seed);
    expect_random_mixed(net, 5, seed);
  }
}

}  // namespace
}  // namespace ebm::torch_nets
