#include "nets/architecture/layer_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/compose.h"
#include "nets/architecture/smoothness.h"
#include "nets/architecture/weighted_layers.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

constexpr Activation kRelu{ActivationKind::kRelu, 0.0};

std::vector<std::string> child_names(const Layer& layer) {
  std::vector<std::string> names;
  for (const auto& [name, layers] : children(layer)) names.emplace_back(name);
  return names;
}

/// 2x4x4: half the size with a residual layer inside, and back.
Architecture small_unet() {
  const Conv2d down{.out_channels = 3, .kernel_height = 2, .kernel_width = 2, .stride = 2};
  const Conv2d same{.out_channels = 3};
  const Conv2d last{.out_channels = 2};
  return {"small",
          {2, 4, 4},
          {Concat{{down, Residual{{same, kRelu}, {same}}, Upsample{2}}}, last, InputEnergy{}}};
}

TEST(LayerTreeTest, ChildrenAreTheListsInside) {
  EXPECT_EQ(child_names(Residual{}), (std::vector<std::string>{"body", "shortcut"}));
  EXPECT_EQ(child_names(Concat{}), (std::vector<std::string>{"body"}));
  EXPECT_TRUE(child_names(Linear{}).empty());
  Layer layer = Concat{};
  children(layer)[0].layers.emplace_back(SumPool{});
  EXPECT_EQ(std::get<Concat>(layer.op).body.size(), 1u);
}

TEST(LayerTreeTest, KindsAreFoundAtAnyDepth) {
  const Architecture net = small_unet();
  EXPECT_TRUE((has_kind<Upsample>(net.layers)));
  EXPECT_TRUE((has_kind<Activation, Film>(net.layers)));  // in the residual in the concat
  EXPECT_FALSE((has_kind<Film, Projection>(net.layers)));
}

TEST(LayerTreeTest, EveryWalkGoesThroughConcats) {
  const Architecture net = small_unet();
  EXPECT_EQ(infer_shapes(net), (std::vector<Shape>{{5, 4, 4}, {2, 4, 4}, {1, 1, 1}}));
  std::vector<std::string> names;
  for (const Parameter& each : parameters(net)) names.push_back(each.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"0.body.0.weight", "0.body.0.bias", "0.body.1.body.0.weight",
                                      "0.body.1.body.0.bias", "0.body.1.shortcut.0.weight",
                                      "0.body.1.shortcut.0.bias", "1.weight", "1.bias"}));
  EXPECT_EQ(n_parameters(net), 2 * 3 * 4 + 3 + 2 * (9 + 3) + 5 * 2 + 2);
  EXPECT_EQ(multiply_adds(net), 4 * (2 * 3 * 4) + 2 * 4 * 9 + 16 * 5 * 2);
  EXPECT_EQ(weighted_layers(net).size(), 4u);
  EXPECT_EQ(first_kink(net), "layer 0 (concat).body.1 (residual).body.1 (relu)");
  // A film behind each of the four: none of their results is the energy.
  const Architecture with_levels = with_noise_level(net);
  EXPECT_EQ(std::get<Concat>(with_levels.layers[0].op).body.size(), 4u);
  EXPECT_EQ(with_levels.layers.size(), 4u);
}

TEST(LayerTreeTest, ACriticThatGoesWithItsInputDoesNotFollowAGenerator) {
  const Architecture generator{"", {32, 1, 1}, {Reshape{{2, 4, 4}}}};
  expect_error(ErrorCode::kShape, "a layer of the critic reads its input",
               [&] { compose(generator, small_unet()); });
}

}  // namespace
}  // namespace ebm::nets
