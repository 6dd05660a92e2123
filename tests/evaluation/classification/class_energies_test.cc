#include "evaluation/classification/class_energies.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "nets/compiled/compiled_net.h"
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
}

}  // namespace
}  // namespace ebm::evaluation
