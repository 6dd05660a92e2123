#include "ebm/class_conditions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "ebm/class_figures.h"
#include "tests/nets/expect_error.h"

namespace ebm {
namespace {

/// 10 items: 1 of class 0, 6 of class 1, none of class 2, 3 of class 3.
data::Dataset ten_items() {
  return {.name = "ten",
          .n = 10,
          .shape = {1, 1, 1},
          .values = std::vector<float>(10),
          .labels = {1, 1, 3, 1, 0, 1, 3, 1, 3, 1},
          .class_names = {"a", "b", "c", "d"},
          .is_image = false};
}

constexpr std::int64_t kDraws = 40000;

/// Each share of the draws lies within 5 standard errors of its probability.
void expect_shares(const std::vector<float>& labels, const std::vector<double>& probabilities) {
  std::vector<double> shares(probabilities.size());
  const auto n = static_cast<double>(labels.size());
  for (const float label : labels) shares.at(static_cast<std::size_t>(label)) += 1.0 / n;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double p = probabilities[i];
    EXPECT_NEAR(shares[i], p, 5.0 * std::sqrt(p * (1.0 - p) / n) + 1e-12) << i;
  }
}

TEST(ClassConditionsTest, ChainsHaveTheFrequenciesOfTheDataAndNoneAtTheRate) {
  const data::Dataset dataset = ten_items();
  const ClassConditions classes(dataset, 0.2, 5);
  EXPECT_EQ(classes.classes(), 4);
  EXPECT_EQ(classes.none(), 4.0f);
  EXPECT_EQ(classes.name(3), "d");
  EXPECT_EQ(classes.name(4), "none");
  std::vector<float> labels(kDraws);
  classes.draw_all(0, 0, labels);
  expect_shares(labels, {0.8 * 0.1, 0.8 * 0.6, 0.0, 0.8 * 0.3, 0.2});
  // Of a stream, whatever others are drawn; another generation draws others.
  std::vector<float> some(100), later(kDraws);
  classes.draw_all(700, 0, some);
  EXPECT_EQ(some, std::vector<float>(labels.begin() + 700, labels.begin() + 800));
  classes.draw_all(0, 1, later);
  EXPECT_NE(later, labels);
}

TEST(ClassConditionsTest, LabelsAreDroppedByTheirPositionAndOthersKept) {
  const data::Dataset dataset = ten_items();
  const ClassConditions classes(dataset, 0.3, 5);
  const std::vector<std::int32_t> labels(kDraws, 3);
  std::vector<float> context(kDraws), part(50);
  classes.drop_labels(labels, 0, 0, context);
  expect_shares(context, {0.0, 0.0, 0.0, 0.7, 0.3});
  classes.drop_labels(std::span(labels).first(50), 220, 0, part);
  EXPECT_EQ(part, std::vector<float>(context.begin() + 220, context.begin() + 270));
  const ClassConditions always(dataset, 0.0, 5);
  EXPECT_FALSE(always.has_none());
  always.drop_labels(labels, 0, 0, context);
  EXPECT_EQ(context, std::vector<float>(kDraws, 3.0f));
}

TEST(ClassConditionsTest, SamplesHaveTheFrequenciesAsFarAsTheirNumberAllows) {
  const data::Dataset dataset = ten_items();
  const ClassConditions classes(dataset, 0.1, 0);
  EXPECT_EQ(classes.by_frequency(10), (std::vector<float>{0, 1, 1, 1, 1, 1, 1, 3, 3, 3}));
  // Items ½·10/3, 5 and 8⅓ of the ten in order of label.
  EXPECT_EQ(classes.by_frequency(3), (std::vector<float>{1, 1, 3}));
  const auto many = classes.by_frequency(1000);
  expect_shares(many, {0.1, 0.6, 0.0, 0.3, 0.0});
  EXPECT_EQ(std::count(many.begin(), many.end(), 0.0f), 100);
}

TEST(ClassConditionsTest, DataWithoutLabelsAreRefused) {
  data::Dataset dataset = ten_items();
  dataset.labels.clear();
  nets::expect_error(ErrorCode::kUsage, "condition = class: ten has no labels",
                     [&] { ClassConditions(dataset, 0.1, 0); });
}

TEST(ClassFiguresTest, GapsAreThoseOfTheRowsOfEachLabel) {
  const std::vector<float> energies{1, 2, 4, 7, 3, 5, 9, 11};
  const auto gaps =
      gaps_of_classes(energies, std::vector<float>{0, 0, 2, 1}, std::vector<float>{2, 0, 3, 2}, 4);
  ASSERT_EQ(gaps.size(), 4u);
  EXPECT_EQ(gaps[0].gap, 1.5 - 5.0);
  EXPECT_EQ(gaps[0].weight, 2.0 * 1.0 / 3.0);
  EXPECT_EQ(gaps[1].weight, 0.0);  // no sample
  EXPECT_EQ(gaps[2].gap, 4.0 - 7.0);
  EXPECT_EQ(gaps[2].weight, 1.0 * 2.0 / 3.0);
  EXPECT_EQ(gaps[3].weight, 0.0);  // no item
  nets::expect_error(ErrorCode::kShape, "energies", [] {
    gaps_of_classes({}, std::vector<float>{0, 1}, std::vector<float>{}, 2);
  });
}

TEST(ClassFiguresTest, ColumnsAreThoseOfTheClassesAndOfNone) {
  const data::Dataset dataset = ten_items();
  const auto names = [&](double label_dropout, bool has_ages, bool has_gaps = true) {
    const ClassConditions classes(dataset, label_dropout, 0);
    const ClassFigures figures(classes, has_gaps, has_ages);
    std::vector<training::Figure> all;
    figures.add_to(all, {}, {});
    std::vector<std::string> found;
    for (const auto& figure : all) found.emplace_back(figure.name);
    return found;
  };
  EXPECT_EQ(names(0.0, false),
            (std::vector<std::string>{"gap_class_0", "gap_class_1", "gap_class_2", "gap_class_3"}));
  EXPECT_TRUE(names(0.1, false, false).empty());
  EXPECT_EQ(names(0.1, true),
            (std::vector<std::string>{"gap_class_0", "gap_class_1", "gap_class_2", "gap_class_3",
                                      "gap_class_none", "age_class_0", "age_class_1", "age_class_2",
                                      "age_class_3", "age_class_none"}));
}

}  // namespace
}  // namespace ebm
