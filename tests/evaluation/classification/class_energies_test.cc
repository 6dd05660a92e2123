#include "evaluation/classification/class_energies.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/evaluation/classification/labelled_wells.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

const LabelledWells kThreeWells({{1.0f, -1.0f, 0.0f}, {2.0f, 1.0f, 0.0f}, {4.0f, 0.0f, 3.0f}});

TEST(ClassEnergiesTest, EachItemIsAskedUnderEachClass) {
  const std::vector<float> rows{0.0f, 0.0f, 1.0f, 0.0f, -1.0f, 3.0f};
  const auto found = class_energies(kThreeWells, class_contexts(3), rows, "rows", 2);
  EXPECT_EQ(found, (std::vector<float>{0.5f, 1.0f, 18.0f, 2.0f, 0.0f, 20.0f, 4.5f, 13.0f, 2.0f}));
}

TEST(ClassEnergiesTest, OffsetsAreAdded) {
  ClassContexts classes = class_contexts(3);
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
  const auto found = class_energies(kThreeWells, class_contexts(3), dataset, "data", 2);
  EXPECT_EQ(found, class_energies(kThreeWells, class_contexts(3), values, "rows", 1));
  ASSERT_EQ(found.size(), 15000u);
  EXPECT_FLOAT_EQ(found[3 * 4999 + 2], static_cast<float>(kThreeWells.energy(
                                           double{values[9998]}, double{values[9999]}, 2)));
}

TEST(ClassEnergiesTest, ANoiseLevelStandsBehindTheLabel) {
  const std::vector<float> level{0.5f};
  const ClassContexts contexts = class_contexts(2, level);
  EXPECT_EQ(contexts.context_dim(), 2);
  EXPECT_EQ(contexts.values, (std::vector<float>{0.0f, 0.5f, 1.0f, 0.5f}));
  EXPECT_EQ(contexts.of(1)[0], 1.0f);
}

TEST(ClassEnergiesTest, WhatCannotBeAskedIsRefused) {
  const std::vector<float> level{0.5f}, rows{0.0f, 0.0f, INFINITY, 0.0f};
  nets::expect_error(ErrorCode::kShape, "contexts of 1 values", [&] {
    class_energies(kThreeWells, class_contexts(3, level), std::vector<float>{0, 0}, "rows", 1);
  });
  nets::expect_error(ErrorCode::kDiverged, "the energy of item 1 of rows under class 0 is inf",
                     [&] { class_energies(kThreeWells, class_contexts(3), rows, "rows", 1); });
}

}  // namespace
}  // namespace ebm::evaluation
