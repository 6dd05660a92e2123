#include "nets/gradients/curvature_gradient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/difference_quotient.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/evaluate_rows.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

constexpr std::int64_t kCurvedRows = 37;

Architecture curved_net(std::vector<Layer> end) {
  const Conv2d conv{.out_channels = 9,
                    .kernel_height = 3,
                    .kernel_width = 3,
                    .stride = 1,
                    .padding = {1, 1, 1, 1}};
  const Residual residual{{conv, Activation{ActivationKind::kTanh, 0.0}}, {}};
  Architecture net{.name = "curved",
                   .input = {2, 6, 5},
                   .layers = {conv, Activation{}, residual, AvgPool{2, 2}, Flatten{}}};
  net.layers.insert(net.layers.end(), end.begin(), end.end());
  return net;
}

std::vector<float> curved_values(std::int64_t n, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 6);
  for (float& value : values) value = static_cast<float>(stream.next_normal());
  return values;
}

class CurvatureGradientTest : public testing::Test {
 protected:
  Architecture architecture_ = curved_net({Linear{}});
  LayerWeights weights_ = varied_weights(architecture_, 1);
  std::vector<float> x_ = curved_values(kCurvedRows * 60, 2);
  std::vector<float> v_ = curved_values(kCurvedRows * 60, 3);
};

TEST_F(CurvatureGradientTest, CurvaturesAreDifferenceQuotientsOfSlopes) {
  const CompiledNet net(architecture_, weights_);
  samplers::on_every_target([&] {
    const CurvatureGradient found = curvature_gradient(net, x_, v_, 1.0f, 1);
    const auto slopes_at = [&](double t) {
      std::vector<float> moved = x_;
      for (std::size_t i = 0; i < x_.size(); ++i) {
        moved[i] = static_cast<float>(double{x_[i]} + t * double{v_[i]});
      }
      const auto grads = samplers::evaluate_rows(net, moved).energy_grad;
      std::vector<double> slopes(found.curvatures.size());
      for (std::size_t i = 0; i < grads.size(); ++i) {
        slopes[i / 60] += double{v_[i]} * double{grads[i]};
      }
      return slopes;
    };
    // Slopes are rounded by some 1e-7, which is 2e-6 of the quotient; what the step leaves out was
    // seen as 1.2e-5 at h = 0.1, and so is 2e-7 at 0.05.
    const auto quotients = difference_quotients(slopes_at, 0.05);
    for (std::size_t row = 0; row < quotients.size(); ++row) {
      EXPECT_NEAR(found.curvatures[row], quotients[row], 1e-5) << row;
    }
  });
}

TEST_F(CurvatureGradientTest, BitsDependNeitherOnThreadsNorOnTheCopiesThatFillABlock) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    const CompiledNet net(architecture_, weights_, precision);
    const CurvatureGradient one = curvature_gradient(net, x_, v_, 0.5f, 1);
    for (const int threads : {2, 3, 7}) {
      const CurvatureGradient other = curvature_gradient(net, x_, v_, 0.5f, threads);
      EXPECT_EQ(other.gradient, one.gradient);
      EXPECT_EQ(other.curvatures, one.curvatures);
    }
    // The last five rows by themselves are most of a block of copies.
    const std::vector<float> last(x_.end() - 5 * 60, x_.end()), along(v_.end() - 5 * 60, v_.end());
    const CurvatureGradient few = curvature_gradient(net, last, along, 0.5f, 1);
    for (std::size_t row = 0; row < 5; ++row) {
      EXPECT_EQ(few.curvatures[row], one.curvatures[one.curvatures.size() - 5 + row]);
    }
  }
}

TEST_F(CurvatureGradientTest, WhatIsNotCompiledIsRefused) {
  Architecture logits = curved_net({Linear{.out_features = 3}, ClassLogits{}});
  logits.classes = 3;
  const CompiledNet net(logits, varied_weights(logits, 1));
  const std::vector<float> labels(kCurvedRows, 1.0f);
  expect_error(ErrorCode::kUsage, "has class_logits", [&] {
    curvature_gradient(net, {x_, labels}, v_, 1.0f, 1);
  });
  const Architecture product{.name = "product",
                             .input = {2, 6, 5},
                             .layers = {Conv2d{.out_channels = 2}, Activation{},
                                        Conv2d{.out_channels = 2}, InputEnergy{}}};
  const CompiledNet of_input(product, varied_weights(product, 1));
  expect_error(ErrorCode::kUsage, "has an energy of the network's input",
               [&] { curvature_gradient(of_input, x_, v_, 1.0f, 1); });
  const CompiledNet plain(architecture_, weights_);
  expect_error(ErrorCode::kShape, "the directions",
               [&] { curvature_gradient(plain, x_, std::vector<float>(3), 1.0f, 1); });
}

}  // namespace
}  // namespace ebm::nets
