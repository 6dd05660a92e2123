#include "evaluation/classification/class_energies.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/energies/noise_level_energy.h"
#include "samplers/energies/sum_energy.h"
#include "tests/evaluation/classification/labelled_wells.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

const LabelledWells kThreeWells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}, {4.0f, 0.0f, 3.0f}});

TEST(ClassEnergiesTest, EachItemIsAskedUnderEachClass) {
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.0f, -1.0f, 3.0f};
  const auto found = class_energies(kThreeWells, {.n_classes = 3}, rows, "rows", 2);
  EXPECT_EQ(found, (std::vector<float>{0.5f, 1.0f, 18.0f, 2.0f, 0.0f, 20.0f, 4.5f, 13.0f, 2.0f}));
}

TEST(ClassEnergiesTest, OffsetsAreAdded) {
  ClassContexts classes{.n_classes = 3};
  classes.offsets = {0.0f, -1.0f, 0.5f};
  const std::vector<float> rows{0.0f, 0.0f};
  EXPECT_EQ(class_energies(kThreeWells, classes, rows, "rows", 1),
            (std::vector<float>{0.5f, 0.0f, 18.5f}));
  classes.offsets = {0.0f};
  nets::expect_error(ErrorCode::kShape, "offsets",
                     [&] { class_energies(kThreeWells, classes, rows, "rows", 1); });
}

TEST(ClassEnergiesTest, ADataSetIsTakenInParts) {
  data::Dataset dataset;
  dataset.n = 5000;  // more than one part of 4096
  dataset.shape = {2, 1, 1};
  std::vector<float> values(10000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 997) / 128.0f;
  dataset.values = values;
  const auto found = class_energies(kThreeWells, {.n_classes = 3}, dataset, "data", 2);
  EXPECT_EQ(found, class_energies(kThreeWells, {.n_classes = 3}, values, "rows", 1));
  ASSERT_EQ(found.size(), 15000u);
  EXPECT_FLOAT_EQ(found[3 * 4999 + 2], static_cast<float>(kThreeWells.energy(
                                           double{values[9998]}, double{values[9999]}, 2)));
}

// A sum of one is the same energy, but no network.
TEST(ClassEnergiesTest, OfLogitsTakeOnePassAndAreTheSame) {
  const nets::Architecture architecture{
      .name = "logits",
      .input = {2, 1, 1},
      .layers = {nets::Linear{.out_features = 7}, nets::Activation{},
                 nets::Linear{.out_features = 3}, nets::ClassLogits{}},
      .classes = 3};
  const auto net =
      std::make_shared<nets::CompiledNet>(architecture, nets::varied_weights(architecture, 1));
  const samplers::SumEnergy one_by_one({{net, 1.0f}});
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.5f, -1.0f, 3.0f};
  ClassContexts classes{.n_classes = 3};
  const auto found = class_energies(*net, classes, rows, "rows", 2);
  EXPECT_EQ(found, class_energies(one_by_one, classes, rows, "rows", 2));
  classes.offsets = {1.0f, 0.0f, -1.0f};
  EXPECT_EQ(class_energies(*net, classes, rows, "rows", 2)[5], found[5] - 1.0f);
}

// At levels of noise, too, and where films read the label.
TEST(ClassEnergiesTest, OfNetworksTakeForwardPassesAndAreTheSame) {
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.5f, -1.0f, 3.0f};
  for (const auto condition : {nets::ClassCondition::kFilm, nets::ClassCondition::kLogits}) {
    for (const bool has_level : {false, true}) {
      nets::Architecture net =
          nets::with_classes(nets::preset("mlp-silu", {2, 1, 1}), 3, condition);
      if (has_level) net = nets::with_noise_level(std::move(net));
      std::shared_ptr<const samplers::Energy> energy =
          std::make_shared<nets::CompiledNet>(net, nets::varied_weights(net, 1));
      if (has_level) energy = std::make_shared<samplers::NoiseLevelEnergy>(energy, 0.7f, true);
      ClassContexts classes{.n_classes = 3};
      if (has_level) classes.conditions = {{0.3f}, {2.0f}};
      EXPECT_EQ(class_energies(*energy, classes, rows, "rows", 2),
                class_energies(samplers::SumEnergy({{energy, 1.0f}}), classes, rows, "rows", 2));
    }
  }
}

TEST(ClassEnergiesTest, WhatStandsBehindTheLabelIsTheSameForAllClasses) {
  EXPECT_EQ(contexts_of_class(1, std::vector<float>{0.5f}, 2),
            (std::vector<float>{1.0f, 0.5f, 1.0f, 0.5f}));
}

TEST(ClassEnergiesTest, OfSeveralConditionsTheMeanIsTaken) {
  const LabelledWells wells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}}, /*has_factor=*/true);
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.0f};
  const ClassContexts classes{.n_classes = 2, .conditions = {{1.0f}, {3.0f}, {8.0f}}};
  EXPECT_EQ(class_energies(wells, classes, rows, "rows", 2),
            (std::vector<float>{2.0f, 4.0f, 8.0f, 0.0f}));
}

TEST(ClassEnergiesTest, ConditionsMayHaveWeights) {
  const LabelledWells wells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}}, /*has_factor=*/true);
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.0f};
  ClassContexts classes{.n_classes = 2,
                        .conditions = {{1.0f}, {3.0f}, {8.0f}},
                        .weights = {2.0f, 2.0f, -1.0f, -1.0f, 0.5f, 0.5f}};
  // Factors of 2·1 − 3 + 8/2 = 3.
  EXPECT_EQ(class_energies(wells, classes, rows, "rows", 2),
            (std::vector<float>{1.5f, 3.0f, 6.0f, 0.0f}));
  // ½ and 1 of the first row are 0.75 ∓ 0.25: 3·0.75 − 2·0.25 and 3·0.75 + 4·0.25.
  EXPECT_EQ(class_energies(wells, {.n_classes = 2, .conditions = {{1.0f}}, .weights = {2.0f, 4.0f}},
                           std::vector<float>{0.0f, 0.0f}, "rows", 2),
            (std::vector<float>{1.75f, 3.25f}));
  classes.weights.pop_back();
  nets::expect_error(ErrorCode::kShape, "weights",
                     [&] { class_energies(wells, classes, rows, "rows", 1); });
}

TEST(ClassEnergiesTest, NoiseIsOfTheLevelAndItsMeanIsTaken) {
  // E(x, y, s) = ½·s·k·|x − m|², so that the mean over noise of sd s adds ½·s·k·2s² in the plane.
  const LabelledWells wells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}}, /*has_factor=*/true);
  constexpr std::int64_t kDraws = 4096;
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.0f};
  const ClassContexts at_half{
      .n_classes = 2, .conditions = {{0.5f}}, .noise_draws = kDraws, .seed = 3};
  const auto found = class_energies(wells, at_half, rows, "rows", 2);
  const std::vector<double> expected{0.25 + 0.125, 0.5 + 0.25, 1.0 + 0.125, 0.25};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // Five standard errors: of ½·s·k·(2a·s·n₁ + s²·(n₁² + n₂²)), a = |x − m|.
    const double a = i == 2 ? 2.0 : i == 3 ? 0.0 : 1.0, k = i % 2 == 0 ? 1.0 : 2.0;
    const double sd = 0.25 * k * std::sqrt(4 * a * a * 0.25 + 4 * 0.0625);
    EXPECT_NEAR(found[i], expected[i], 5 * sd / std::sqrt(double{kDraws})) << i;
  }
  // Of several conditions each has noise of its own level.
  const ClassContexts both{.n_classes = 2, .conditions = {{0.5f}, {1.0f}}, .noise_draws = kDraws};
  EXPECT_NEAR(class_energies(wells, both, rows, "rows", 2)[3], (0.25 + 2.0) / 2, 0.1);
}

TEST(ClassEnergiesTest, ARowHasTheSameNoiseWhateverLiesBesideIt) {
  const LabelledWells wells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}}, /*has_factor=*/true);
  const ClassContexts classes{
      .n_classes = 2, .conditions = {{0.5f}, {1.0f}}, .noise_draws = 3, .seed = 3};
  std::vector<float> rows(2 * 50, 0.5f);
  const auto all = class_energies(wells, classes, rows, "rows", 3);
  rows.resize(2 * 20);
  const auto some = class_energies(wells, classes, rows, "rows", 1);
  EXPECT_EQ(some, std::vector<float>(all.begin(), all.begin() + 2 * 20));
  EXPECT_NE(all[0], all[2]);
}

TEST(ClassEnergiesTest, WhatCannotBeAskedIsRefused) {
  const std::vector<float> level{0.5f}, rows{0.0f, 0.0f, INFINITY, 0.0f};
  nets::expect_error(ErrorCode::kShape, "contexts of 1 values", [&] {
    class_energies(kThreeWells, {.n_classes = 3, .conditions = {level}}, std::vector<float>{0, 0},
                   "rows", 1);
  });
  nets::expect_error(ErrorCode::kDiverged, "the energy of item 1 of rows under class 0 is inf",
                     [&] { class_energies(kThreeWells, {.n_classes = 3}, rows, "rows", 1); });
  nets::expect_error(ErrorCode::kUsage, "conditions = 0", [&] {
    class_energies(kThreeWells, {.n_classes = 3, .conditions = {}}, rows, "rows", 1);
  });
  nets::expect_error(ErrorCode::kUsage, "noise_draws = 2: the energy has no level of noise", [&] {
    class_energies(kThreeWells, {.n_classes = 3, .noise_draws = 2}, std::vector<float>{0, 0},
                   "rows", 1);
  });
}

}  // namespace
}  // namespace ebm::evaluation
