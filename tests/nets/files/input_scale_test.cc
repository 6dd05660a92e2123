#include "nets/files/input_scale.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

const Shape kColour{3, 8, 8};

TEST(InputScaleTest, NothingSaidIsTheIdentity) {
  EXPECT_TRUE(scale_of({}, kColour).is_identity());
  EXPECT_TRUE(scale_of({}, {2, 1, 1}).is_identity());
  EXPECT_TRUE(scale_of({.range = {-1.0, 1.0}, .mean = {0.0}, .sd = {1.0}}, kColour).is_identity());
  EXPECT_FALSE(scale_of({.range = {0.0, 1.0}}, kColour).is_identity());
}

TEST(InputScaleTest, MapsBlackAndWhiteAsNormalizeDoes) {
  const std::vector<double> mean{0.485, 0.456, 0.406}, sd{0.229, 0.224, 0.225};
  const InputScale made = scale_of({.range = {0.0, 1.0}, .mean = mean, .sd = sd}, kColour);
  ASSERT_EQ(made.scale.size(), 3u);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(-made.scale[c] + made.shift[c], (0.0 - mean[c]) / sd[c], 1e-14);
    EXPECT_NEAR(made.scale[c] + made.shift[c], (1.0 - mean[c]) / sd[c], 1e-14);
  }
}

TEST(InputScaleTest, OneValueIsThatOfAllChannels) {
  const InputScale made =
      scale_of({.range = {0.0, 255.0}, .mean = {100.0}, .sd = {10.0, 20.0, 30.0}}, kColour);
  ASSERT_EQ(made.scale.size(), 3u);
  EXPECT_DOUBLE_EQ(made.scale[2], 4.25);
  EXPECT_DOUBLE_EQ(made.shift[1], 1.375);
  EXPECT_EQ(scale_of({.sd = {0.5}}, kColour).scale, std::vector<double>{2.0});
}

TEST(InputScaleTest, WhatHasNoMeaningIsRefused) {
  const auto refused = [](const std::string& message, const Normalization& normalization,
                          const Shape& input = kColour) {
    nets::expect_error(ErrorCode::kUsage, message, [&] { scale_of(normalization, input); });
  };
  const double inf = std::numeric_limits<double>::infinity();
  refused("range, mean and std are for images; points of 2x1x1", {.mean = {1.0}}, {2, 1, 1});
  refused("mean: has 2 values, must have 1, or 3 for the channels of 3x8x8", {.mean = {1.0, 2.0}});
  refused("std: has 4 values", {.sd = {1.0, 1.0, 1.0, 1.0}});
  refused("range: LOW must be below HIGH", {.range = {1.0, 1.0}});
  refused("range = inf", {.range = {0.0, inf}});
  refused("mean = inf", {.mean = {inf}});
  refused("std = 0", {.sd = {0.0}});
  refused("scale of range and std", {.sd = {1e-45}});
  nets::expect_error(ErrorCode::kShape, "range holds 3 values", [] {
    scale_of({.range = {0.0, 1.0, 2.0}}, kColour);
  });
}

}  // namespace
}  // namespace ebm::nets
