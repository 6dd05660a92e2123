#include "nets/compiled/compiled_net.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/compiled/plan.h"
#include "nets/files/read_layer_weights.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {
namespace {
using nets::RandomArchitecture;

class CompiledPresetTest : public testing::TestWithParam<PresetCase> {
 protected:
  CompiledPresetTest() { undo_init_scale(net_); }

  const TorchNet net_{nets::preset(GetParam().name, GetParam().input), 3};
  const torch::Tensor rows_ = random_rows(GetParam().n_rows, GetParam().input.size(), 1);
};

INSTANTIATE_TEST_SUITE_P(OfAll, CompiledPresetTest, testing::ValuesIn(kPresetCases), test_name);

TEST_P(CompiledPresetTest, EnergiesEqualLibTorchInDoublePrecision) { expect_exact(net_, rows_); }

TEST_P(CompiledPresetTest, WeightGradientsEqualLibTorchInDoublePrecision) {
  expect_exact_gradient(net_, rows_);
}

TEST_P(CompiledPresetTest, MixedGradientsEqualDoubleBackwardInDoublePrecision) {
  expect_exact_mixed(net_, rows_, random_rows(GetParam().n_rows, GetParam().input.size(), 7778));
}

TEST(CompiledNetTest, RandomNetworksEqualLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 220 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw(), seed);
    expect_exact(net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
}

TEST(CompiledNetTest, RandomNetworksWithKinksEqualLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 2000; seed < 2200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/false).draw(), seed);
    expect_exact(net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
}

/// Averages of batches, gains and shifts as training might leave them.
void randomise_norms(const TorchNet& net, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    const nets::Parameter& spec = net.specs()[i];
    const auto values = random_rows(1, spec.size(), seed + 100 * i).reshape(spec.shape);
    if (spec.kind == nets::ParameterKind::kVariance) {
      net.tensors()[i].copy_(0.5 + values.square());
    } else if (spec.kind == nets::ParameterKind::kGain) {
      net.tensors()[i].copy_(1.0 + 0.3 * values);
    } else if (spec.kind == nets::ParameterKind::kMean || spec.init_scale == 0.0) {
      net.tensors()[i].copy_(values);
    }
  }
}

TEST(CompiledNetTest, GrowingNetworksEqualLibTorchInDoublePrecision) {
  int n_folded = 0, n_scaled = 0, n_modulated = 0;
  for (std::uint32_t seed = 0; seed < 200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_growing(/*with_norms=*/seed % 3 > 0), seed);
    randomise_norms(net, seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_folded += op.kind == nets::PlanOpKind::kProduct && op.norm_epsilon > 0.0;
      n_scaled += op.kind == nets::PlanOpKind::kScaleShift;
      n_modulated += op.kind == nets::PlanOpKind::kModulate;
    }
    expect_exact(net, random_rows(seed % 4 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
  EXPECT_GT(n_folded, 50);
  EXPECT_GT(n_scaled, 5);
  EXPECT_GT(n_modulated, 50);
}

TEST(CompiledNetTest, WideNetworksEqualLibTorchInDoublePrecision) {
  std::int64_t n_winograd = 0;
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed).draw_wide(), seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_winograd += op.forward_winograd.has_value() && op.backward_winograd.has_value();
    }
    expect_exact(net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
  EXPECT_GT(n_winograd, 100);
}

TEST(CompiledNetTest, UNetsEqualLibTorchInDoublePrecision) {
  int n_joined = 0, n_energies = 0;
  for (std::uint32_t seed = 0; seed < 100 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const TorchNet net(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_unet(), seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_joined += op.kind == nets::PlanOpKind::kConcat;
      n_energies += op.kind == nets::PlanOpKind::kInputEnergy;
    }
    expect_exact(net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
  EXPECT_GT(n_joined, 150);
  EXPECT_GT(n_energies, 110);
}

TEST(CompiledNetTest, HalvingNetworksEqualLibTorchInDoublePrecision) {
  std::int64_t n_forward = 0, n_backward = 0, n_transposed = 0;
  for (std::uint32_t seed = 0; seed < 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const bool with_norm = seed % 2 == 0;
    const TorchNet net(RandomArchitecture(seed).draw_halving(with_norm), seed);
    randomise_norms(net, seed);
    for (const nets::PlanOp& op : nets::make_plan(net.architecture()).ops) {
      n_forward += !op.transposed && op.forward_winograd;
      n_backward += !op.transposed && op.backward_winograd;
      n_transposed += op.transposed && op.forward_winograd && op.backward_winograd;
    }
    expect_exact(net, random_rows(seed % 3 == 0 ? 17 : 5, net.architecture().input.size(), seed));
  }
  EXPECT_GT(n_forward, 5);
  EXPECT_GT(n_backward, 5);
  EXPECT_GT(n_transposed, 5);
}

TEST(CompiledNetTest, OneKinkedLayerEqualsLibTorchInDoublePrecision) {
  using nets::ActivationKind;
  const nets::Conv2d conv{
      .out_channels = 19, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
  for (const nets::Activation& activation : {nets::Activation{ActivationKind::kRelu, 0.0},
                                             nets::Activation{ActivationKind::kLeakyRelu, 0.2},
                                             nets::Activation{ActivationKind::kLeakyRelu, 0.05}}) {
    SCOPED_TRACE(activation.parameter);
    const TorchNet net({.name = "one",
                        .input = {3, 9, 7},
                        .layers = {conv, activation, nets::Flatten{}, nets::Linear{}}},
                       5);
    expect_exact(net, random_rows(20, net.architecture().input.size(), 6));
  }
}

TEST(CompiledNetTest, AChainDoesNotKnowTheOthersOfItsBlock) {
  const TorchNet net(nets::preset("uva", {1, 28, 28}), 3);
  const nets::CompiledNet plan(net.architecture(), weights_of(net));
  torch::Tensor rows = random_rows(16, 784, 1);
  const Evaluation before = evaluate(plan, rows);
  rows[3].fill_(std::nanf(""));
  rows[4].fill_(INFINITY);
  const Evaluation after = evaluate(plan, rows);
  for (const std::int64_t i : {0, 1, 2, 5, 15}) {
    EXPECT_TRUE(torch::equal(before.energy[i], after.energy[i]));
    EXPECT_TRUE(torch::equal(before.grad[i], after.grad[i]));
  }
  for (const std::int64_t i : {3, 4}) {
    EXPECT_FALSE(std::isfinite(after.energy[i].item<float>()));
    EXPECT_FALSE(after.grad[i].isfinite().all().item<bool>());
  }
}

TEST(CompiledNetTest, WeightsOfAFileAreThoseOfTheModule) {
  const TorchNet net(nets::preset("mnistnet", {1, 28, 28}), 6);
  nets::SafetensorsFile file;
  file.tensors = net.to_tensor_data();
  const nets::LayerWeights found = nets::read_layer_weights(net.architecture(), file, "model");
  const nets::LayerWeights expected = weights_of(net);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].size(), expected[i].size());
    for (std::size_t k = 0; k < found[i].size(); ++k) {
      ASSERT_NEAR(found[i][k], expected[i][k], 1e-6f * std::abs(expected[i][k]) + 1e-9f);
    }
  }
}

}  // namespace
}  // namespace ebm::torch_nets
