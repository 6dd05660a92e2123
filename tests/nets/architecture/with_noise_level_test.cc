#include "nets/architecture/with_noise_level.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/files/architecture_toml.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(WithNoiseLevelTest, FilmsFollowTheHiddenLayersWithWeights) {
  const Activation silu{};
  const Architecture net{"n", {2, 1, 1}, {Linear{4}, silu, Linear{3}, silu, Linear{}}};
  const Architecture found = with_noise_level(net);
  EXPECT_TRUE(found.noise_level);
  EXPECT_EQ(found.layers,
            (std::vector<Layer>{Linear{4}, Film{}, silu, Linear{3}, Film{}, silu, Linear{}}));
  expect_error(ErrorCode::kUsage, "network n has a noise level already",
               [&] { with_noise_level(found); });
}

TEST(WithNoiseLevelTest, FilmsFollowTheNormBehindAConvolution) {
  const Activation silu{};
  const Residual mixing{{GroupNorm{2}, Attention{}}, {}};
  const Architecture net{
      "n", {1, 4, 4}, {Conv2d{4}, GroupNorm{2}, silu, mixing, Conv2d{4}, Flatten{}, Linear{}}};
  const Residual filmed{{GroupNorm{2}, Film{}, Attention{}}, {}};
  EXPECT_EQ(with_noise_level(net).layers,
            (std::vector<Layer>{Conv2d{4}, GroupNorm{2}, Film{}, silu, filmed, Conv2d{4}, Film{},
                                Flatten{}, Linear{}}));
}

TEST(WithNoiseLevelTest, EveryPresetTakesOneBesideClassConditions) {
  for (const std::string& name : preset_names()) {
    const Architecture net = preset(name, {3, 32, 32});
    EXPECT_NO_THROW(validate(with_noise_level(net))) << name;
    for (const auto& [how_name, how] : kClassConditions) {
      SCOPED_TRACE(name + " " + how_name);
      const bool has_linear_end = std::holds_alternative<Linear>(net.layers.back().op);
      if (!has_linear_end && how != ClassCondition::kFilm) continue;  // which refuse it
      const Architecture found = with_noise_level(with_classes(net, 10, how));
      EXPECT_EQ(found.classes, 10);
      EXPECT_EQ(architecture_from_toml(architecture_to_toml(found), "again"), found);
      const auto n_films = [](const Architecture& each) {
        return std::ranges::count_if(
            each.layers, [](const Layer& layer) { return std::holds_alternative<Film>(layer.op); });
      };
      // A film reads both; there is one behind each layer.
      EXPECT_EQ(n_films(found), n_films(with_noise_level(net)));
    }
  }
}

TEST(WithNoiseLevelTest, ANetworkOfOneLayerIsRefused) {
  expect_error(ErrorCode::kUsage, "network one has no layer that a film could follow", [] {
    with_noise_level({"one", {2, 1, 1}, {Linear{}}});
  });
}

}  // namespace
}  // namespace ebm::nets
