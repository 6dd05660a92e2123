#include "nets/compiled/layer_times.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "nets/architecture/presets.h"

namespace ebm::nets {
namespace {

CompiledNet net_of(const Architecture& architecture) {
  LayerWeights weights;
  for (const Parameter& parameter : parameters(architecture)) {
    if (parameter.trainable()) {
      weights.emplace_back(static_cast<std::size_t>(parameter.size()), 0.01f);
    }
  }
  return {architecture, weights};
}

TEST(LayerTimesTest, NameWhatAPlanDoesAndCountItsProducts) {
  const Architecture uva = preset("uva", {1, 28, 28});
  const auto times = layer_times(net_of(uva), 3);
  ASSERT_EQ(times.size(), 7U);
  EXPECT_EQ(times[0].name, "conv 5x5 stride 2, 1x28x28 -> 16x16x16, silu");
  EXPECT_EQ(times[4].name, "reorder, 64x2x2 -> 64x2x2");
  EXPECT_EQ(times[6].name, "linear, 64x1x1 -> 1x1x1");
  double flops = 0;
  for (const LayerTime& each : times) {
    EXPECT_GT(each.forward_seconds, 0) << each.name;
    EXPECT_GT(each.backward_seconds, 0) << each.name;
    flops += each.flops;
  }
  // A product is two; 16 chains.
  EXPECT_EQ(flops, 2.0 * 16 * static_cast<double>(multiply_adds(uva)));
}

TEST(LayerTimesTest, SayWhatWinogradMakes) {
  const auto times = layer_times(net_of(preset("igebm32", {3, 32, 32})), 1);
  EXPECT_EQ(times[2].name, "conv 3x3 by Winograd, 128x32x32 -> 128x32x32, leaky_relu");
}

TEST(LayerTimesTest, NoRepetitionIsRefused) {
  EXPECT_THROW(layer_times(net_of(preset("mlp", {2, 1, 1})), 0), Error);
}

}  // namespace
}  // namespace ebm::nets
