#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"
#include "torch_nets/compiled_backend.h"

namespace ebm::torch_nets {
namespace {
using nets::RandomArchitecture;

TEST(CompiledWeightGradientTest, OfRandomNetworksEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 1000; seed < 1400 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const bool only_smooth = seed < 1200;
    const TorchNet net(RandomArchitecture(seed, only_smooth).draw(), seed);
    expect_exact_gradient(
        net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledWeightGradientTest, OfGrowingNetworksEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 500; seed < 530 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_growing(/*with_norms=*/false), seed);
    expect_exact_gradient(
        net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledWeightGradientTest, ThereIsNoneOfABatchNorm) {
  const TorchNet net(
      {.name = "norm",
       .input = {3, 1, 1},
       .layers = {nets::Linear{.out_features = 4}, nets::BatchNorm{}, nets::Linear{}}},
      1);
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  const std::vector<float> rows(3);
  try {
    nets::weight_gradient(
        compiled, rows, [](std::int64_t, float) { return 1.0f; }, 1);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("the network: has batch norms"), std::string::npos);
  }
}

TEST(CompiledWeightGradientTest, OfWideNetworksEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 12 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_wide(), seed);
    expect_exact_gradient(net, random_rows(5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledWeightGradientTest, OfUNetsEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 100; seed < 160 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_unet(), seed);
    expect_exact_gradient(
        net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledWeightGradientTest, OfHalvingNetworksEqualsLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 12 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_halving(/*with_norm=*/false), seed);
    expect_exact_gradient(net, random_rows(5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledWeightGradientTest, GoesThroughSpectralNorms) {
  const TorchNet net(nets::preset("mnistnet", {1, 28, 28}), 4);
  const torch::Tensor rows = random_rows(20, 784, 5);
  const std::span<const float> values(rows.data_ptr<float>(),
                                      static_cast<std::size_t>(rows.numel()));
  const auto coefficient = [](std::int64_t row, float energy) {
    return (row % 2 == 0 ? 1.0f : -1.0f) + 0.1f * energy;
  };
  const auto plan = std::make_shared<const nets::Plan>(nets::make_plan(net.architecture()));
  const auto compiled_net = compile(net, plan);
  const Slopes slopes = slopes_of(*compiled_net, rows);
  const auto sign = 1.0 - 2.0 * torch::arange(20, torch::kFloat64).remainder(2);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto energy =
        energies_with_slopes(exact, exact.layer_weights(), rows.to(torch::kFloat64), slopes, false);
    return torch::autograd::grad({energy}, exact.trainable(),
                                 {shares * (sign + 0.1 * energy.detach())});
  };
  const WeightGradient found = compiled_weight_gradient(net, *compiled_net, values, coefficient, 1);
  expect_within_limits(found.gradient, in_double(net, 20, formula));
  for (const int threads : {2, 3, 7}) {
    const WeightGradient other =
        compiled_weight_gradient(net, *compiled_net, values, coefficient, threads);
    EXPECT_EQ(other.energies, found.energies);
    for (std::size_t i = 0; i < found.gradient.size(); ++i) {
      EXPECT_TRUE(torch::equal(other.gradient[i], found.gradient[i])) << threads;
    }
  }
}

}  // namespace
}  // namespace ebm::torch_nets
