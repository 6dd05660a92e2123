// Group norms and attention of the compiled network: each chain by itself, for any number of
// threads, and cases that are known exactly. tests/torch_nets/compiled_mixing_net_test.cc has the
// derivatives.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/gradients/curvature_gradient.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/evaluate_rows.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

/// Two sizes, with attention between them.
Architecture mixing_net() {
  const Conv2d conv{.out_channels = 8,
                    .kernel_height = 3,
                    .kernel_width = 3,
                    .stride = 2,
                    .padding = {1, 1, 1, 1}};
  const Residual mixing{{GroupNorm{2}, Attention{2, 3}, ChannelScale{.bias = true}}, {}};
  return {.name = "mixing",
          .input = {2, 7, 5},
          .layers = {conv, GroupNorm{4}, Activation{}, mixing, Flatten{}, Linear{}}};
}

std::vector<float> mixing_values(std::int64_t n, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 7);
  for (float& value : values) value = static_cast<float>(stream.next_normal());
  return values;
}

TEST(MixingNetTest, AChainDoesNotKnowTheOthersOfItsBlock) {
  const Architecture architecture = mixing_net();
  const auto dim = static_cast<std::size_t>(architecture.input.size());
  std::vector<float> rows = mixing_values(16 * architecture.input.size(), 1);
  std::vector<float> changed = rows;
  for (std::size_t i = 0; i < dim; ++i) {
    changed[3 * dim + i] = std::bit_cast<float>(0x7FC00000U);
    changed[4 * dim + i] = INFINITY;
    changed[5 * dim + i] *= 1e6f;  // near the softmax of one place alone
  }
  on_every_unit([&] {
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
      const CompiledNet net(architecture, varied_weights(architecture, 1), precision);
      const samplers::RowValues before = samplers::evaluate_rows(net, rows);
      const samplers::RowValues after = samplers::evaluate_rows(net, changed);
      for (std::size_t row = 0; row < 16; ++row) {
        const bool is_broken = row == 3 || row == 4, is_changed = is_broken || row == 5;
        EXPECT_EQ(std::isfinite(after.energy[row]), !is_broken) << row;
        for (std::size_t i = row * dim; i < (row + 1) * dim; ++i) {
          EXPECT_EQ(std::isfinite(after.energy_grad[i]), !is_broken) << row;
          if (is_changed) continue;
          EXPECT_EQ(after.energy_grad[i], before.energy_grad[i]) << row;
        }
        if (is_changed) continue;
        EXPECT_EQ(after.energy[row], before.energy[row]) << row;
      }
    }
  });
}

TEST(MixingNetTest, BitsDoNotDependOnThreads) {
  const Architecture architecture = mixing_net();
  const auto rows = mixing_values(101 * architecture.input.size(), 2);
  const auto directions = mixing_values(101 * architecture.input.size(), 3);
  const auto along = [&](std::int64_t row, std::span<const float>, std::span<float> direction) {
    std::copy_n(directions.begin() + row * std::ssize(direction), direction.size(),
                direction.begin());
  };
  on_every_unit(
      [&] {
        for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
          const CompiledNet net(architecture, varied_weights(architecture, 1), precision);
          const auto coefficient = [](std::int64_t row, float energy) {
            return (row % 3 == 0 ? 1.0f : -0.5f) + 0.1f * energy;
          };
          const WeightGradient first = weight_gradient(net, rows, coefficient, 1);
          const MixedGradient mixed = mixed_gradient(net, rows, along, 1);
          for (const int threads : {2, 3, 7}) {
            const WeightGradient other = weight_gradient(net, rows, coefficient, threads);
            EXPECT_EQ(other.energies, first.energies) << threads;
            EXPECT_EQ(other.gradient, first.gradient) << threads;
            const MixedGradient again = mixed_gradient(net, rows, along, threads);
            EXPECT_EQ(again.energy_grads, mixed.energy_grads) << threads;
            EXPECT_EQ(again.gradient, mixed.gradient) << threads;
          }
        }
      },
      /*on_all_targets=*/false);
}

TEST(MixingNetTest, AGroupNormTakesAwayScaleAndShift) {
  // One group of all of an item: E(a·x + b) = E(x) but for epsilon, 1e-5 of a variance near 1.
  const Architecture architecture{
      "normed", {3, 4, 5}, {GroupNorm{.groups = 1, .epsilon = 1e-12}, Flatten{}, Linear{}}};
  const CompiledNet net(architecture, varied_weights(architecture, 4));
  const auto rows = mixing_values(16 * 60, 5);
  std::vector<float> moved = rows;
  for (float& value : moved) value = 4.0f * value + 2.0f;
  samplers::on_every_target([&] {
    const samplers::RowValues first = samplers::evaluate_rows(net, rows);
    const samplers::RowValues second = samplers::evaluate_rows(net, moved);
    for (std::size_t row = 0; row < 16; ++row) {
      // Values of size 10 are rounded by 6e-7, a quarter of which is left of it; 60 of them with
      // weights of 1.5/√60 at most make 1e-6 by chance.
      EXPECT_NEAR(first.energy[row], second.energy[row], 5e-6) << row;
      // The gradient has no part along 1 and along x − mean, as these change nothing.
      double along = 0.0, size = 0.0, sum = 0.0;
      for (std::size_t i = row * 60; i < (row + 1) * 60; ++i) {
        along += double{first.energy_grad[i]} * rows[i];
        sum += double{first.energy_grad[i]};
        size += std::abs(double{first.energy_grad[i]} * rows[i]);
      }
      EXPECT_NEAR(along, 0.0, 1e-6 * size) << row;
      EXPECT_NEAR(sum, 0.0, 1e-6 * size) << row;
    }
  });
}

TEST(MixingNetTest, AttentionOfEqualKeysIsTheMeanOfTheValues) {
  const Architecture architecture{
      "mean", {2, 3, 2}, {Attention{.heads = 1, .width = 2}, Flatten{}, Linear{.bias = false}}};
  // q = x, k = 0, v = x; out the identity; E = Σ_i i·y_i of the flat y.
  LayerWeights weights = {{1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1}, {1, 0, 0, 1}, {0, 0}, {}};
  for (int i = 0; i < 12; ++i) weights[3].push_back(static_cast<float>(i));
  const auto rows = mixing_values(16 * 12, 6);
  const CompiledNet net(architecture, weights);
  samplers::on_every_target([&] {
    const samplers::RowValues found = samplers::evaluate_rows(net, rows);
    for (std::size_t row = 0; row < 16; ++row) {
      double expected = 0.0;
      for (std::size_t channel = 0; channel < 2; ++channel) {
        double mean = 0.0, weight = 0.0;
        for (std::size_t place = 0; place < 6; ++place) {
          mean += double{rows[row * 12 + channel * 6 + place]} / 6.0;
          weight += static_cast<double>(channel * 6 + place);
        }
        expected += weight * mean;
        for (std::size_t place = 0; place < 6; ++place) {
          EXPECT_NEAR(found.energy_grad[row * 12 + channel * 6 + place], weight / 6.0, 1e-5);
        }
      }
      EXPECT_NEAR(found.energy[row], expected, 5e-5) << row;
    }
  });
}

TEST(MixingNetTest, SecondDerivativesAreRefusedByName) {
  const auto rows = mixing_values(24, 1);
  const auto refused = [&](const Layer& layer, const char* name) {
    const Architecture net{"n", {4, 3, 2}, {layer, Flatten{}, Linear{}}};
    const CompiledNet compiled(net, varied_weights(net, 1));
    expect_error(ErrorCode::kUsage, std::string("has ") + name + ", of which the compiled",
                 [&] { curvature_gradient(compiled, rows, rows, 1.0f, 1); });
  };
  refused(GroupNorm{.groups = 2}, "group_norm");
  refused(Attention{}, "attention");
}

}  // namespace
}  // namespace ebm::nets
