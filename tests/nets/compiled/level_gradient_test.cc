#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/difference_quotient.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

constexpr std::int64_t kLevelRows = 37;

/// Films of a label and a level, behind convolutions and on a flat value.
Architecture level_net(bool noise_level) {
  const Conv2d conv{.out_channels = 9,
                    .kernel_height = 3,
                    .kernel_width = 3,
                    .stride = 1,
                    .padding = {1, 1, 1, 1}};
  return {.name = "level",
          .input = {2, 6, 5},
          .layers = {conv, Film{6}, Activation{}, conv, Film{4}, Activation{}, Flatten{},
                     Linear{.out_features = 6}, Film{5}, Activation{}, Linear{}},
          .classes = noise_level ? 3 : 0,
          .noise_level = noise_level};
}

std::vector<float> drawn(std::int64_t n, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 5);
  for (float& value : values) value = static_cast<float>(stream.next_normal());
  return values;
}

class LevelGradientTest : public testing::Test {
 protected:
  LevelGradientTest() {
    for (std::int64_t i = 0; i < kLevelRows; ++i) {
      context_.push_back(static_cast<float>(i % 4));
      context_.push_back(0.05f * std::pow(1.3f, static_cast<float>(i % 17)));
    }
  }
  MixedGradient found(const CompiledNet& net, float c, float v, float w, int n_threads = 1) const {
    const auto along = [&](std::int64_t row, float /*energy*/, float /*level_slope*/,
                           std::span<const float> /*energy_grad*/,
                           std::span<float> to) -> LevelFactors {
      for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] = v * directions_[static_cast<std::size_t>(row) * to.size() + i];
      }
      return {c, w};
    };
    return level_gradient(net, {x_, context_}, along, n_threads);
  }
  static void expect_near(const LayerWeights& one, const LayerWeights& other, double limit) {
    double error = 0.0, size = 0.0;
    for (std::size_t layer = 0; layer < one.size(); ++layer) {
      for (std::size_t i = 0; i < one[layer].size(); ++i) {
        error += std::pow(double{one[layer][i]} - double{other[layer][i]}, 2);
        size += std::pow(double{other[layer][i]}, 2);
      }
    }
    EXPECT_LT(std::sqrt(error), limit * std::sqrt(size));
    EXPECT_GT(size, 0.0);
  }

  Architecture architecture_ = level_net(true);
  LayerWeights weights_ = varied_weights(architecture_, 1);
  std::vector<float> x_ = drawn(kLevelRows * 60, 2), directions_ = drawn(kLevelRows * 60, 3);
  std::vector<float> context_;
};

TEST_F(LevelGradientTest, ItsPartsAreThoseOfWeightAndMixedGradients) {
  const CompiledNet net(architecture_, weights_);
  samplers::on_every_target([&] {
    const Direction direction = [&](std::int64_t row, std::span<const float>, std::span<float> to) {
      std::copy_n(directions_.begin() + row * std::ssize(to), to.size(), to.begin());
    };
    const MixedGradient mixed = mixed_gradient(net, {x_, context_}, direction, 1);
    const MixedGradient same = found(net, 0.0f, 1.0f, 0.0f);
    expect_near(same.gradient, mixed.gradient, 1e-6);
    EXPECT_EQ(same.energies, mixed.energies);
    EXPECT_EQ(same.energy_grads, mixed.energy_grads);
    const auto ones = [](std::int64_t, float) { return 1.0f; };
    expect_near(found(net, 1.0f, 0.0f, 0.0f).gradient,
                weight_gradient(net, {x_, context_}, ones, 1).gradient, 1e-6);
  });
}

TEST_F(LevelGradientTest, TheSlopeByTheLevelIsADifferenceQuotient) {
  const CompiledNet net(architecture_, weights_);
  const MixedGradient along = found(net, 0.0f, 0.0f, 1.0f);
  const auto energies_at = [&](double shift) {
    std::vector<float> moved = context_;
    for (std::size_t i = 1; i < moved.size(); i += 2) {
      moved[i] = static_cast<float>(double{moved[i]} * std::exp(shift));
    }
    const auto zeros = [](std::int64_t, float) { return 0.0f; };
    return weight_gradient(net, {x_, moved}, zeros, 1).energies;
  };
  // Energies are rounded by some 4e-7, which is 2e-5 of the quotient; what the step leaves out was
  // seen as 1.7e-4 at h = 0.03, and so is 1.5e-5 at 0.02.
  const auto quotients = difference_quotients(energies_at, 0.02);
  for (std::size_t row = 0; row < quotients.size(); ++row) {
    EXPECT_NEAR(along.directional_derivatives[row], quotients[row], 1e-4) << row;
  }
}

TEST_F(LevelGradientTest, BitsDoNotDependOnThreads) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    const CompiledNet net(architecture_, weights_, precision);
    const MixedGradient one = found(net, 0.3f, 1.0f, -0.5f);
    for (const int threads : {2, 3, 7}) {
      const MixedGradient other = found(net, 0.3f, 1.0f, -0.5f, threads);
      EXPECT_EQ(other.gradient, one.gradient);
      EXPECT_EQ(other.directional_derivatives, one.directional_derivatives);
    }
  }
}

TEST_F(LevelGradientTest, InBfloat16ItIsNearThatOfFloat32) {
  const MixedGradient exact = found(CompiledNet(architecture_, weights_), 0.3f, 1.0f, -0.5f);
  on_every_unit(
      [&] {
        const CompiledNet net(architecture_, weights_, Precision::kBfloat16);
        expect_near(found(net, 0.3f, 1.0f, -0.5f).gradient, exact.gradient, 0.04);
      },
      /*on_all_targets=*/false);
}

TEST_F(LevelGradientTest, NetworksWithoutALevelAreRefused) {
  const Architecture plain{.name = "plain", .input = {60, 1, 1}, .layers = {Linear{}}};
  const CompiledNet net(plain, varied_weights(plain, 1));
  const auto nothing = [](std::int64_t, float, float, std::span<const float>,
                          std::span<float>) -> LevelFactors { return {}; };
  expect_error(ErrorCode::kUsage, "the network reads no noise level",
               [&] { level_gradient(net, x_, nothing, 1); });
}

}  // namespace
}  // namespace ebm::nets
