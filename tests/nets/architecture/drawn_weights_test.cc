#include "nets/architecture/drawn_weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"

namespace ebm::nets {
namespace {

/// The parameters that layers use.
std::vector<Parameter> used(const Architecture& net) {
  std::vector<Parameter> found = parameters(net);
  std::erase_if(found, [](const Parameter& each) { return !each.is_used(); });
  return found;
}

// dcgan28 has linear layers, convolutions and batch norms; uva's weights are spectrally normalised.
TEST(DrawnWeightsTest, AreUniformWithTheBoundOfTheirLayer) {
  for (const Architecture& net :
       {generator_preset("dcgan28", 64, {1, 28, 28}), preset("uva", {1, 28, 28})}) {
    const LayerWeights weights = drawn_weights(net, 1);
    const std::vector<Parameter> all = used(net);
    ASSERT_EQ(weights.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(weights[i].size(), static_cast<std::size_t>(all[i].size())) << all[i].name;
      const auto [low, high] = std::minmax_element(weights[i].begin(), weights[i].end());
      const ParameterKind kind = all[i].kind;
      if (kind == ParameterKind::kMean) {
        EXPECT_EQ(*low, 0.0f);
        EXPECT_EQ(*high, 0.0f);
      } else if (kind == ParameterKind::kGain || kind == ParameterKind::kVariance) {
        EXPECT_EQ(*low, 1.0f);
        EXPECT_EQ(*high, 1.0f);
      } else {
        const double bound = 1.0 / std::sqrt(static_cast<double>(all[i].fan_in));
        EXPECT_GE(*low, -bound * (1.0 + 1e-6)) << all[i].name;
        EXPECT_LE(*high, bound * (1.0 + 1e-6)) << all[i].name;
        // Of 1000 draws none is in the outer tenth of either end with probability e^-52.
        if (weights[i].size() >= 1000) {
          EXPECT_LT(*low, -0.9 * bound) << all[i].name;
          EXPECT_GT(*high, 0.9 * bound) << all[i].name;
        }
      }
    }
  }
}

TEST(DrawnWeightsTest, DependOnTheSeedAlone) {
  const Architecture net = preset("uva", {1, 28, 28});
  EXPECT_EQ(drawn_weights(net, 3), drawn_weights(net, 3));
  EXPECT_NE(drawn_weights(net, 3), drawn_weights(net, 4));
}

}  // namespace
}  // namespace ebm::nets
