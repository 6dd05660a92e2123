#include "evaluation/classification/classifier_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "evaluation/report/classification_report.h"
#include "tests/evaluation/classification/labelled_wells.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

const LabelledWells kPair({{1.0f, -1.0f, 0.0f}, {1.0f, 1.0f, 0.0f}});

data::Dataset points(std::vector<float> values, std::vector<std::int32_t> labels) {
  data::Dataset dataset;
  dataset.n = static_cast<std::int64_t>(values.size() / 2);
  dataset.shape = {2, 1, 1};
  dataset.values = std::move(values);
  dataset.labels = std::move(labels);
  dataset.is_image = false;
  return dataset;
}

ClassifierRunOptions run_options() {
  return {.classes = {.n_classes = 2}, .class_names = {}, .temperature = 1.0, .eps = {0.2}};
}

TEST(ClassifierRunTest, AllFiguresOfOneSetAndOfOthers) {
  const auto test = points({-1, 0, 0.1f, 0, 0.5f, 0, -0.1f, 0}, {0, 1, 1, 1});
  const auto far = points({0, 5, 0, -5}, {});
  const ClassifierRun run = run_classifier(kPair, run_options(), {"test", test}, {{"far", far}});
  EXPECT_EQ(run.test.confusion, (std::vector<std::int64_t>{1, 0, 1, 2}));
  EXPECT_DOUBLE_EQ(run.test.accuracy, 0.75);
  EXPECT_EQ(run.labels, test.labels);
  ASSERT_EQ(run.others.size(), 1u);
  EXPECT_EQ(run.others[0].name, "far");
  EXPECT_EQ(run.others[0].n, 2);
  EXPECT_DOUBLE_EQ(run.others[0].auroc_doubt, 1.0);
  EXPECT_DOUBLE_EQ(run.others[0].auroc_marginal, 1.0);
  // The second crosses the boundary by a step of 0.2.
  EXPECT_EQ(run.n_moved, 4);
  ASSERT_EQ(run.moved.size(), 1u);
  EXPECT_DOUBLE_EQ(run.moved[0].fgsm, 0.5);
  auto without = run_options();
  without.n_moved = 0;
  EXPECT_TRUE(run_classifier(kPair, without, {"test", test}, {}).moved.empty());
}

TEST(ClassifierRunTest, TheTemperatureIsFittedToAllItemsOfASmallSet) {
  // E(x, 1) − E(x, 0) = −2·x₀ = 1 for all; three of four are right: 1/T = ln 3.
  const auto data = points({-0.5f, 0, -0.5f, 1, -0.5f, 2, -0.5f, 3}, {0, 0, 1, 0});
  const auto fitted = fit_classifier(kPair, run_options(), {"data", data}, false);
  ASSERT_TRUE(fitted.has_value());
  EXPECT_NEAR(fitted->temperature, 1.0 / std::log(3.0), 1e-6);
  EXPECT_TRUE(fitted->offsets.empty());
  auto one_item = run_options();
  one_item.n_fitted = 1;  // which is classified rightly or wrongly: no temperature fits
  EXPECT_FALSE(fit_classifier(kPair, one_item, {"data", data}, false).has_value());
  const auto one = points({-1, 0}, {0});
  EXPECT_FALSE(fit_classifier(kPair, run_options(), {"data", one}, false).has_value());
}

TEST(ClassifierRunTest, OffsetsMoveTheBoundary) {
  // Wells whose energies are 1 apart where the boundary of the labels is, at x₀ = 0.5: three of
  // four right on either side.
  std::vector<float> values;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 4; ++i) {
    values.insert(values.end(), {0.25f, 0, 0.75f, 0});
    labels.insert(labels.end(), {i < 3 ? 0 : 1, i < 3 ? 1 : 0});
  }
  const auto data = points(values, labels);
  const auto fitted = fit_classifier(kPair, run_options(), {"data", data}, true);
  ASSERT_TRUE(fitted.has_value());
  // E(x, 0) − E(x, 1) = 2·x₀ = 1 at the boundary, and 0.5 away from that at the points.
  EXPECT_NEAR(fitted->offsets[1] - fitted->offsets[0], 1.0, 1e-3);
  EXPECT_NEAR(fitted->temperature, 0.5 / std::log(3.0), 1e-3);
  auto moved = run_options();
  moved.classes.offsets = fitted->offsets;
  EXPECT_DOUBLE_EQ(run_classifier(kPair, run_options(), {"data", data}, {}).test.accuracy, 0.5);
  const ClassifierRun run = run_classifier(kPair, moved, {"data", data}, {});
  EXPECT_DOUBLE_EQ(run.test.accuracy, 0.75);
  EXPECT_DOUBLE_EQ(run.accuracy_of_energies, 0.5);
}

ClassificationReport small_report() {
  const auto test = points({-1, 0, 0.1f, 0, 0.5f, 0, -0.1f, 0}, {0, 1, 1, 1});
  const auto far = points({0, 5}, {});
  return {.model = "run",
          .data = "test",
          .class_names = {"left", "right"},
          .temperature_from = "given",
          .levels = {0.5, 1.0},
          .weights = {},
          .noise_draws = 8,
          .offsets = {},
          .run = run_classifier(kPair, run_options(), {"test", test}, {{"far", far}})};
}

TEST(ClassificationReportTest, TheDocumentHoldsEveryFigure) {
  const auto document = classification_json(small_report());
  EXPECT_EQ(document["n"], 4);
  EXPECT_EQ(document["accuracy"], 0.75);
  EXPECT_EQ(document["classes"], (std::vector<std::string>{"left", "right"}));
  EXPECT_EQ(document["confusion"][1][0], 1);
  EXPECT_EQ(document["calibration"].size(), 15u);
  EXPECT_EQ(document["ood"]["far"]["auroc_doubt"], 1.0);
  EXPECT_EQ(document["moved"]["n"], 4);
  EXPECT_EQ(document["moved"]["fgsm"][0], 0.5);
  EXPECT_EQ(document["moved"]["eps"][0], 0.2);
  EXPECT_NEAR(document["accuracy_se"].get<double>(), std::sqrt(0.75 * 0.25 / 4.0), 1e-12);
  EXPECT_EQ(document["levels"], (std::vector<double>{0.5, 1.0}));
  EXPECT_EQ(document["noise_draws"], 8);
  EXPECT_FALSE(document.contains("offsets"));
  auto all_right = small_report();
  EXPECT_FALSE(document.contains("weights"));
  all_right.weights = {0.125f, 0.375f, 0.5f, 1.0f};
  EXPECT_EQ(classification_json(all_right)["weights"][1], (std::vector<double>{0.5, 1.0}));
  const std::string weighted = classification_text(all_right);
  EXPECT_NE(weighted.find("at levels of noise 0.5 (0.25), 1 (0.75)"), std::string::npos);
  EXPECT_NE(weighted.find("each class, fitted too, from 0.625 to 1.375"), std::string::npos);
  all_right.offsets = {-0.5f, 0.5f};
  EXPECT_EQ(classification_json(all_right)["offsets"][1], 0.5);
  EXPECT_NE(classification_text(all_right).find("fitted too, from -0.5 to 0.5"), std::string::npos);
  all_right.run.test.auroc_doubt.reset();
  EXPECT_TRUE(classification_json(all_right)["auroc_errors"]["doubt"].is_null());
}

TEST(ClassificationReportTest, TheTextHasTheMatrix) {
  const std::string text = classification_text(small_report());
  EXPECT_NE(text.find("accuracy       0.7500 +- 0.2165\n"), std::string::npos) << text;
  EXPECT_NE(text.find("energies at levels of noise 0.5, 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("mean over 8 copies of each item with noise"), std::string::npos) << text;
  EXPECT_NE(text.find("left                 1       0  100.0%\n"), std::string::npos) << text;
  EXPECT_NE(text.find("right                1       2   66.7%\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    0.2  0.5000"), std::string::npos) << text;
}

TEST(ClassificationReportTest, PredictionsAreRows) {
  const std::string csv = predictions_csv(small_report().run);
  EXPECT_TRUE(csv.starts_with("item,label,predicted,probability,marginal\n0,0,0,0.880797"));
  EXPECT_NE(csv.find("\n3,1,0,0.549"), std::string::npos) << csv;
}

}  // namespace
}  // namespace ebm::evaluation
