// Group norms, learned scales and attention, compiled, against LibTorch in double precision.

#include <gtest/gtest.h>

#include <cstdint>

#include "nets/compiled/plan.h"
#include "tests/nets/random_mixing_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"

namespace ebm::torch_nets {
namespace {
using nets::PlanOpKind;
using nets::RandomMixingArchitecture;

/// Gains near 1 and shifts, as training might leave them.
void vary_norms(const TorchNet& net, std::uint64_t seed) {
  undo_init_scale(net);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    const nets::Parameter& spec = net.specs()[i];
    if (spec.kind != nets::ParameterKind::kGain) continue;
    net.tensors()[i].copy_(1.0 + 0.3 * random_rows(1, spec.size(), seed + i).reshape(spec.shape));
  }
}

TEST(CompiledMixingNetTest, RandomNetworksEqualLibTorchInDoublePrecision) {
  int n_norms = 0, n_scales = 0, n_attentions = 0;
  for (std::uint32_t seed = 0; seed < 80 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomMixingArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_mixing(), seed);
    vary_norms(net, seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_norms += op.kind == PlanOpKind::kNormalise;
      n_scales += op.kind == PlanOpKind::kScaleShift;
      n_attentions += op.kind == PlanOpKind::kAttend;
    }
    const std::int64_t dim = net.architecture().input.size(), n = seed % 3 == 0 ? 17 : 5;
    const torch::Tensor rows = random_rows(n, dim, seed);
    expect_exact(net, rows);
    expect_exact_gradient(net, rows);
    expect_exact_mixed(net, rows, random_rows(n, dim, seed + 7777));
  }
  EXPECT_GT(n_norms, 200);
  EXPECT_GT(n_scales - n_norms, 50);
  EXPECT_GT(n_attentions, 100);
}

TEST(CompiledMixingNetTest, NetworksOfANoiseLevelEqualLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 500; seed < 520 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomMixingArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_mixing(/*with_level=*/true), seed);
    vary_norms(net, seed);
    const std::int64_t dim = net.architecture().input.size(), n = seed % 3 == 0 ? 19 : 7;
    const torch::Tensor rows = random_rows(n, dim, seed), v = random_rows(n, dim, seed + 7777);
    const torch::Tensor context = random_context(net.architecture(), n, seed);
    expect_exact(net, rows, context);
    expect_exact_gradient(net, rows, context);
    expect_exact_mixed(net, rows, v, context);
    expect_exact_level(net, rows, v, context);
  }
}

TEST(CompiledMixingNetTest, CurvaturesOfLearnedScalesEqualLibTorchInDoublePrecision) {
  const nets::Conv2d conv{
      .out_channels = 9, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
  const TorchNet net({.name = "scaled",
                      .input = {2, 6, 5},
                      .layers = {nets::ChannelScale{.bias = true}, conv, nets::Activation{},
                                 nets::ChannelScale{.init = 0.5}, conv, nets::Activation{},
                                 nets::ChannelScale{.bias = true}, nets::Activation{},
                                 nets::Flatten{}, nets::Linear{}}},
                     5);
  vary_norms(net, 3);
  expect_exact_curvature(net, random_rows(20, 60, 6), random_rows(20, 60, 7));
}

}  // namespace
}  // namespace ebm::torch_nets
