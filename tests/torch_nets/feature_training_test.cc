#include "torch_nets/feature_training.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::torch_nets {
namespace {

/// 28x28 images, dark with label 0 and bright with label 1.
data::Dataset dark_and_bright(std::int64_t n) {
  data::Dataset set{.name = "shades",
                    .n = n,
                    .shape = {1, 28, 28},
                    .values = {},
                    .labels = {},
                    .class_names = {"dark", "bright"}};
  std::vector<std::uint8_t> pixels;
  for (std::int64_t i = 0; i < n; ++i) {
    set.labels.push_back(static_cast<std::int32_t>(i % 2));
    for (std::int64_t k = 0; k < set.shape.size(); ++k) {
      pixels.push_back(static_cast<std::uint8_t>(i % 2 * 150 + (i * 31 + k * 17) % 100));
    }
  }
  set.values = pixels;
  return set;
}

TEST(FeatureTrainingTest, AccuracyIsThatOfTheTestSplitIfThereIsOne) {
  const data::Dataset set = dark_and_bright(64);
  const ClassifierOptions options{.epochs = 6, .batch_size = 16, .seed = 3};
  int n_observed = 0;
  const TrainedFeatures alone =
      train_features(set, std::nullopt, options, [&](const auto&) { ++n_observed; });
  EXPECT_EQ(n_observed, 24);
  EXPECT_GT(alone.train_accuracy, 0.9);
  EXPECT_EQ(alone.test_accuracy, std::nullopt);
  EXPECT_EQ(alone.file.accuracy_split, "training");
  EXPECT_EQ(alone.file.test_accuracy, alone.train_accuracy);
  EXPECT_EQ(alone.file.data, "shades");
  EXPECT_EQ(alone.file.seed, 3u);
  EXPECT_EQ(alone.file.epochs, 6);
  // Labels the other way round: what is right of one is wrong of the other.
  data::Dataset opposite = set;
  for (auto& label : opposite.labels) label = 1 - label;
  const TrainedFeatures both = train_features(set, opposite, options);
  EXPECT_DOUBLE_EQ(*both.test_accuracy, 1.0 - both.train_accuracy);
  EXPECT_EQ(both.file.accuracy_split, "test");
  EXPECT_EQ(both.file.test_accuracy, *both.test_accuracy);
}

TEST(FeatureTrainingTest, DataWithoutTwoClassesAreRefused) {
  data::Dataset set = dark_and_bright(4);
  set.class_names = {"dark"};
  set.labels = {0, 0, 0, 0};
  nets::expect_error(ErrorCode::kBadData, "shades has 1 classes; a classifier needs 2 to 1000",
                     [&] { train_features(set, std::nullopt, {}); });
  set.labels.clear();
  nets::expect_error(ErrorCode::kBadData, "shades has no labels; a classifier needs them",
                     [&] { train_features(set, std::nullopt, {}); });
}

TEST(FeatureTrainingTest, ReportsWhatWasWritten) {
  TrainedFeatures trained{.file = {}, .train_accuracy = 0.875, .seconds = 2.0};
  trained.file.architecture = {
      .name = "small",
      .input = {2, 1, 1},
      .layers = {nets::Linear{.out_features = 3}, nets::Activation{nets::ActivationKind::kRelu},
                 nets::Linear{.out_features = 2}}};
  trained.file.feature_layers = 2;
  trained.file.data = "shades";
  trained.file.origin = "f.safetensors";
  trained.file.crc32 = "0123abcd";
  EXPECT_EQ(trained_features_text(trained),
            "small, 17 parameters, trained on shades in 2.0 s: accuracy 87.50 % of the training "
            "split\nfeatures: " +
                trained.file.layer_text() + ", in f.safetensors (crc32 0123abcd)\n");
  EXPECT_FALSE(trained_features_json(trained).contains("test_accuracy"));
  trained.test_accuracy = 0.75;
  EXPECT_NE(trained_features_text(trained).find("of the training, 75.00 % of the test split\n"),
            std::string::npos);
  const nlohmann::json document = trained_features_json(trained);
  EXPECT_EQ(document["test_accuracy"], 0.75);
  EXPECT_EQ(document["out"], "f.safetensors");
  EXPECT_EQ(document["parameters"], 17);
}

}  // namespace
}  // namespace ebm::torch_nets
