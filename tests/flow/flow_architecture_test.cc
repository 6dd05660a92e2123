#include "flow/flow_architecture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/nets/expect_error.h"

namespace ebm::flow {
namespace {
using nets::expect_error;

TEST(FlowArchitectureTest, SqueezesMakeSquaresChannels) {
  const FlowArchitecture flow{.item = {1, 28, 28}, .squeezes = 2, .blocks = 3};
  EXPECT_EQ(flow.n_blocks(), 6);
  for (std::int64_t block = 0; block < 6; ++block) {
    EXPECT_EQ(flow.shape_at(block), (block < 3 ? nets::Shape{4, 14, 14} : nets::Shape{16, 7, 7}));
    EXPECT_EQ(flow.squeezes_before(block), block == 0 || block == 3);
    EXPECT_EQ(nets::infer_shapes(flow.branch(block)).back(), flow.shape_at(block));
  }
  const FlowArchitecture points{.item = {2, 1, 1}, .blocks = 5};
  EXPECT_EQ(points.n_blocks(), 5);
  EXPECT_FALSE(points.squeezes_before(0));
  EXPECT_EQ(points.shape_at(4), (nets::Shape{2, 1, 1}));
}

TEST(FlowArchitectureTest, OnlyTheFirstBlockBeginsWithAConvolution) {
  const FlowArchitecture flow{
      .item = {2, 1, 1}, .blocks = 2, .activation = nets::ActivationKind::kSilu};
  EXPECT_EQ(flow.branch(0).layers.size(), 5u);
  EXPECT_EQ(flow.branch(1).layers.size(), 6u);
  const auto bounds = flow.norm_bounds(0);
  EXPECT_EQ(bounds, (std::vector<double>{0.9, 0.9 / 1.09984, 0.9 / 1.09984}));
  EXPECT_EQ(flow.norm_bounds(1), (std::vector<double>(3, 0.9 / 1.09984)));
}

TEST(FlowArchitectureTest, SlopesOfActivationsStayBelowWhatIsSaid) {
  const FlowArchitecture silu{.item = {2, 1, 1}, .activation = nets::ActivationKind::kSilu};
  double steepest = 0.0;
  for (double x = -10.0; x < 10.0; x += 1e-4) {
    const double s = 1.0 / (1.0 + std::exp(-x));
    steepest = std::max(steepest, s + x * s * (1.0 - s));
  }
  EXPECT_LE(steepest, silu.activation_slope());
  EXPECT_GT(steepest, silu.activation_slope() - 1e-5);
}

TEST(FlowArchitectureTest, IsTheSameAfterAFile) {
  FlowArchitecture flow{.item = {3, 32, 32},
                        .logit = 0.05,
                        .squeezes = 3,
                        .blocks = 7,
                        .hidden = 48,
                        .activation = nets::ActivationKind::kSoftplus,
                        .coefficient = 0.97};
  EXPECT_EQ(flow_architecture_from_toml(flow.table().to_toml(), "m"), flow);
}

TEST(FlowArchitectureTest, WhatHasNoInverseIsRefused) {
  FlowArchitecture flow{.item = {1, 28, 28}, .squeezes = 2};
  flow.validate();
  flow.coefficient = 1.0;
  expect_error(ErrorCode::kUsage, "coefficient = 1: must be above 0 and below 1",
               [&] { flow.validate(); });
  expect_error(ErrorCode::kBadData, "m: coefficient = 1",
               [&] { flow_architecture_from_toml(flow.table().to_toml(), "m"); });
  flow.coefficient = 0.9;
  flow.squeezes = 3;
  expect_error(ErrorCode::kUsage, "squeezes = 3: must be such that 8 divides",
               [&] { flow.validate(); });
  flow.squeezes = 2;
  flow.activation = nets::ActivationKind::kRelu;
  expect_error(ErrorCode::kUsage, "activation: must be one of elu", [&] { flow.validate(); });
}

}  // namespace
}  // namespace ebm::flow
