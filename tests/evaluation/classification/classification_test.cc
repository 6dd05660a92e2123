#include "evaluation/classification/classification.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "evaluation/classification/class_energies.h"
#include "evaluation/classification/class_labels.h"
#include "tests/evaluation/classification/labelled_wells.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

TEST(CalibrationTest, TheErrorIsTheMeanDistanceOfConfidenceAndAccuracy) {
  // Bin 14 is (14/15, 1], bin 8 is (8/15, 9/15].
  const std::vector<double> confidence{1.0, 1.0, 0.95, 0.95, 0.6, 0.55};
  const Calibration found = calibrate(confidence, {true, true, true, false, false, true});
  EXPECT_EQ(found.bins[14].n, 4);
  EXPECT_DOUBLE_EQ(found.bins[14].confidence, 0.975);
  EXPECT_DOUBLE_EQ(found.bins[14].accuracy, 0.75);
  EXPECT_EQ(found.bins[8].n, 2);
  EXPECT_DOUBLE_EQ(found.bins[8].confidence, 0.575);
  EXPECT_DOUBLE_EQ(found.bins[8].accuracy, 0.5);
  EXPECT_NEAR(found.ece, 4.0 / 6.0 * 0.225 + 2.0 / 6.0 * 0.075, 1e-12);
  EXPECT_EQ(calibrate(std::vector<double>{0.0}, {false}).bins[0].n, 1);
}

/// Wells of one stiffness at (−1, 0) and (1, 0): E(x, 0) − E(x, 1) = 2·x₀, so that
/// p(0 | x) = 1/(1 + exp(2·x₀/T)).
const LabelledWells kTwoWells({{1.0f, -1.0f, 0.0f}, {1.0f, 1.0f, 0.0f}});

TEST(ClassificationTest, FiguresOfTwoWellsAreExact) {
  const std::vector<float> rows{-1.0f, 0, -0.5f, 0, 0.5f, 0, 0.25f, 0, 2.0f, 5};
  const std::vector<std::int32_t> labels{0, 0, 1, 0, 1};  // the fourth is wrong
  const auto energies = class_energies(kTwoWells, {.n_classes = 2}, rows, "rows", 1);
  const double temperature = 0.5;
  const Classification found = classify(energies, 2, labels, temperature);
  EXPECT_EQ(found.confusion, (std::vector<std::int64_t>{2, 1, 0, 2}));
  EXPECT_EQ(found.at(0, 1), 1);
  EXPECT_DOUBLE_EQ(found.accuracy, 0.8);
  EXPECT_DOUBLE_EQ(found.accuracy_se(), std::sqrt(0.16 / 5.0));
  const auto p = [&](double x) { return 1.0 / (1.0 + std::exp(-2.0 * x / temperature)); };
  EXPECT_NEAR(found.scores[3].confidence, p(0.25), 1e-7);
  EXPECT_NEAR(
      found.cross_entropy,
      -(std::log(p(1.0)) + 2.0 * std::log(p(0.5)) + std::log(1.0 - p(0.25)) + std::log(p(2.0))) /
          5.0,
      1e-6);
  // Confidences p(1) = 0.982, p(0.5) = 0.881 twice, p(0.25) = 0.731 (wrong), p(2) = 0.9997: bins
  // 14, 13 and 10.
  EXPECT_NEAR(found.calibration.ece,
              (2.0 - p(1.0) - p(2.0)) / 5.0 + 2.0 * (1.0 - p(0.5)) / 5.0 + p(0.25) / 5.0, 1e-6);
  // The wrong one has the greatest doubt, and a marginal energy above three of four.
  EXPECT_DOUBLE_EQ(*found.auroc_doubt, 1.0);
  EXPECT_DOUBLE_EQ(*found.auroc_marginal, 0.75);
}

TEST(ClassificationTest, OtherDataAreKnownByDoubtAndMarginal) {
  const std::vector<float> rows{-1, 0, 1, 0}, other{0, 0, 3, 0, 5, 5};
  const std::vector<std::int32_t> labels{0, 1};
  const auto energies_of = [](const std::vector<float>& of) {
    return class_energies(kTwoWells, {.n_classes = 2}, of, "rows", 1);
  };
  const Classification test = classify(energies_of(rows), 2, labels, 1.0);
  EXPECT_FALSE(test.auroc_doubt.has_value());
  EXPECT_FALSE(test.auroc_marginal.has_value());
  const OtherData found = detect_other(test, energies_of(other), "other");
  // The first is in doubt, the others are not. Its marginal energy, 0.5 − ln 2 = −0.19, is below
  // that of the tests, −ln(1 + e⁻²) = −0.13; those of the others are above.
  EXPECT_EQ(found.n, 3);
  EXPECT_DOUBLE_EQ(found.auroc_doubt, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(found.auroc_marginal, 2.0 / 3.0);
}

TEST(ClassificationTest, WhatDoesNotFitIsRefused) {
  const std::vector<float> energies{0, 1};
  nets::expect_error(ErrorCode::kUsage, "label = 2",
                     [&] { classify(energies, 2, std::vector<std::int32_t>{2}, 1.0); });
  nets::expect_error(ErrorCode::kUsage, "temperature = 0",
                     [&] { classify(energies, 2, std::vector<std::int32_t>{0}, 0.0); });
  nets::expect_error(ErrorCode::kUsage, "items = 0", [&] { classify({}, 2, {}, 1.0); });
}

TEST(ClassLabelsTest, ClassesAreFoundByNameWhereBothHaveNames) {
  data::Dataset dataset;
  dataset.n = 3;
  dataset.labels = {0, 2, 1};
  const std::vector<std::string> names{"dog", "bird", "cat"};
  EXPECT_EQ(labels_for_model(dataset, 3, names, "set"), (std::vector<std::int32_t>{0, 2, 1}));
  dataset.class_names = {"cat", "dog", "bird"};
  EXPECT_EQ(labels_for_model(dataset, 3, names, "set"), (std::vector<std::int32_t>{2, 1, 0}));
  EXPECT_EQ(labels_for_model(dataset, 3, {}, "set"), (std::vector<std::int32_t>{0, 2, 1}));
  dataset.class_names = {"cat", "dog", "fish"};
  nets::expect_error(ErrorCode::kBadData,
                     "set: item 1 is of class 'fish', which is none of the model's 3: dog to cat",
                     [&] { labels_for_model(dataset, 3, names, "set"); });
  nets::expect_error(ErrorCode::kBadData,
                     "set: item 1 is of class '2', which is none of the "
                     "model's 2: 0 to 1",
                     [&] { labels_for_model(dataset, 2, {}, "set"); });
  dataset.labels.clear();
  nets::expect_error(ErrorCode::kBadData, "set: has no labels",
                     [&] { labels_for_model(dataset, 3, names, "set"); });
}

}  // namespace
}  // namespace ebm::evaluation
