#include "nets/architecture/with_classes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

constexpr Activation kSiluBehind{ActivationKind::kSilu, 0.0};

/// The layers of a list without its films.
std::vector<Layer> without_films(const std::vector<Layer>& layers) {
  std::vector<Layer> result;
  for (const Layer& layer : layers) {
    if (std::holds_alternative<Film>(layer.op)) continue;
    if (const auto* residual = std::get_if<Residual>(&layer.op)) {
      result.emplace_back(
          Residual{without_films(residual->body), without_films(residual->shortcut)});
    } else if (const auto* concat = std::get_if<Concat>(&layer.op)) {
      result.emplace_back(Concat{without_films(concat->body)});
    } else {
      result.push_back(layer);
    }
  }
  return result;
}

TEST(WithClassesTest, FilmsFollowTheHiddenLayersWithWeights) {
  const Conv2d conv{.out_channels = 2};
  const Architecture net{"n",
                         {2, 3, 3},
                         {conv, kSiluBehind, Residual{{kSiluBehind, conv, conv}, {conv}}, Flatten{},
                          Linear{4}, kSiluBehind, Linear{}, kSiluBehind}};
  const Architecture found = with_classes(net, 5, ClassCondition::kFilm);
  EXPECT_EQ(found.classes, 5);
  EXPECT_EQ(found.layers,
            (std::vector<Layer>{conv, Film{}, kSiluBehind,
                                Residual{{kSiluBehind, conv, Film{}, conv, Film{}}, {conv, Film{}}},
                                Flatten{}, Linear{4}, Film{}, kSiluBehind, Linear{}, kSiluBehind}));
  expect_error(ErrorCode::kUsage, "network n has classes already",
               [&] { with_classes(found, 5, ClassCondition::kFilm); });
}

TEST(WithClassesTest, FilmsOfANoiseLevelReadTheLabelToo) {
  const Architecture net{
      "", {2, 1, 1}, {Linear{4}, Film{7}, kSiluBehind, Linear{4}, kSiluBehind, Linear{}}, 0, true};
  EXPECT_EQ(with_classes(net, 5, ClassCondition::kFilm).layers,
            (std::vector<Layer>{Linear{4}, Film{7}, kSiluBehind, Linear{4}, Film{}, kSiluBehind,
                                Linear{}}));
}

TEST(WithClassesTest, PresetsTakeEveryConditionThatFitsTheirEnd) {
  std::set<std::string> with_norms;
  for (const std::string& name : preset_names()) {
    const Architecture net = preset(name, {3, 32, 32});
    const auto any_norm = [](const std::vector<Parameter>& all) {
      return std::count_if(all.begin(), all.end(),
                           [](const Parameter& each) { return each.kind == ParameterKind::kU; });
    };
    const std::size_t n = net.layers.size();
    for (const auto& [how_name, how] : kClassConditions) {
      SCOPED_TRACE(name + " " + how_name);
      const bool has_linear_end = std::holds_alternative<Linear>(net.layers.back().op);
      if (!has_linear_end && how != ClassCondition::kFilm) {
        expect_error(ErrorCode::kUsage, "does not end with a linear layer",
                     [&] { with_classes(net, 10, how); });
        continue;
      }
      const Architecture found = with_classes(net, 10, how);
      EXPECT_NO_THROW(validate(found));
      EXPECT_EQ(found.classes, 10);
      EXPECT_EQ(found.name, name);
      EXPECT_EQ(found.input, net.input);
      // Spectral norms stay, and so does all that is not named here.
      EXPECT_EQ(any_norm(parameters(found)), any_norm(parameters(net)));
      EXPECT_EQ(architecture_from_toml(architecture_to_toml(found), "again"), found);
      switch (how) {
        case ClassCondition::kFilm:
          EXPECT_GT(found.layers.size(), n);
          EXPECT_EQ(without_films(found.layers), net.layers);
          break;
        case ClassCondition::kProjection:
          EXPECT_EQ(found.layers.back(), Layer(Projection{}));
          EXPECT_EQ(found.layers.size(), n);
          EXPECT_TRUE(std::equal(net.layers.begin(), net.layers.end() - 1, found.layers.begin()));
          // The table is all that is new.
          EXPECT_EQ(n_parameters(found),
                    n_parameters(net) + 11 * infer_shapes(net)[n - 2].channels);
          break;
        case ClassCondition::kLogits:
          EXPECT_EQ(found.layers.back(), Layer(ClassLogits{}));
          EXPECT_EQ(found.layers[n - 1], Layer(Linear{10}));
          EXPECT_TRUE(std::equal(net.layers.begin(), net.layers.end() - 1, found.layers.begin()));
          break;
      }
    }
  }
}

TEST(WithClassesTest, ANetworkOfAnotherEndIsRefused) {
  const Architecture pooled{"pooled", {1, 4, 4}, {Conv2d{.out_channels = 1}, SumPool{}}};
  for (const ClassCondition how : {ClassCondition::kProjection, ClassCondition::kLogits}) {
    expect_error(ErrorCode::kUsage,
                 "network pooled does not end with a linear layer of out_features = 1",
                 [&] { with_classes(pooled, 3, how); });
  }
  expect_error(ErrorCode::kUsage, "network pooled has no layer that a film could follow",
               [&] { with_classes(pooled, 3, ClassCondition::kFilm); });
  const Architecture normed{"", {2, 1, 1}, {Linear{.spectral_norm = true}}};
  expect_error(ErrorCode::kUsage, "network ends with a linear layer of spectral_norm",
               [&] { with_classes(normed, 3, ClassCondition::kProjection); });
  const Architecture lengths{"", {2, 1, 1}, {Linear{.weight_norm = true}}};
  expect_error(ErrorCode::kUsage, "ends with a linear layer of spectral_norm, weight_norm",
               [&] { with_classes(lengths, 3, ClassCondition::kProjection); });
  EXPECT_EQ(with_classes(normed, 3, ClassCondition::kLogits).layers[0],
            Layer(Linear{.out_features = 3, .spectral_norm = true}));
  expect_error(ErrorCode::kShape, "classes is 0",
               [&] { with_classes(normed, 0, ClassCondition::kLogits); });
}

}  // namespace
}  // namespace ebm::nets
