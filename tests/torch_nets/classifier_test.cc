#include "torch_nets/classifier.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::torch_nets {
namespace {

/// 8x8 images with a bright quarter, the label being which of three.
data::Dataset bright_quarters(std::int64_t n) {
  data::Dataset set{.name = "quarters",
                    .n = n,
                    .shape = {1, 8, 8},
                    .values = {},
                    .labels = {},
                    .class_names = {}};
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(n * 64));
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t label = i * 7 % 3;
    set.labels.push_back(static_cast<std::int32_t>(label));
    for (std::int64_t k = 0; k < 64; ++k) {
      const bool bright = k / 8 / 4 == label / 2 && k % 8 / 4 == label % 2;
      pixels[static_cast<std::size_t>(i * 64 + k)] =
          static_cast<std::uint8_t>((bright ? 120 : 60) + (i * 31 + k * 17) % 100);
    }
  }
  set.values = pixels;
  return set;
}

nets::Architecture small_net() {
  return {.name = "small",
          .input = {1, 8, 8},
          .layers = {nets::Conv2d{.out_channels = 4, .kernel_height = 3, .kernel_width = 3},
                     nets::Activation{nets::ActivationKind::kRelu}, nets::Flatten{},
                     nets::Linear{.out_features = 3}}};
}

TEST(ClassifierTest, LearnsWhatCanBeTold) {
  const data::Dataset set = bright_quarters(200);
  ClassifierProgress first, last;
  const auto net =
      train_classifier(small_net(), set, {.epochs = 20, .batch_size = 40, .learning_rate = 1e-2},
                       [&](const ClassifierProgress& progress) {
                         if (progress.iteration == 1) first = progress;
                         last = progress;
                       });
  EXPECT_EQ(last.iteration, 100);
  EXPECT_EQ(last.n_iterations, 100);
  EXPECT_NEAR(first.loss, std::log(3.0), 0.3);  // of a mean, not of a sum
  EXPECT_LT(last.loss, 0.2);
  EXPECT_GT(accuracy_of(net, set, 2), 0.98);
  EXPECT_LT(accuracy_of(torch_nets::TorchNet(small_net(), 0, nets::Outputs::kAny), set, 1), 0.9);
}

TEST(ClassifierTest, BitsDependOnTheSeedAndNotOnThreads) {
  const data::Dataset set = bright_quarters(200);
  const auto train = [&](std::uint64_t seed, int n_threads) {
    return train_classifier(small_net(), set,
                            {.epochs = 1, .batch_size = 100, .seed = seed, .n_threads = n_threads})
        .to_tensor_data();
  };
  const auto reference = train(3, 1);
  EXPECT_EQ(train(3, 2), reference);
  EXPECT_EQ(train(3, 7), reference);
  EXPECT_NE(train(4, 1), reference);
}

TEST(ClassifierTest, RefusesLabelsThatItCannotLearn) {
  data::Dataset set = bright_quarters(20);
  set.labels[5] = 3;
  nets::expect_error(ErrorCode::kBadData, "has the label 3; the classifier has 3 classes",
                     [&] { train_classifier(small_net(), set, {}); });
  set.labels.clear();
  nets::expect_error(ErrorCode::kBadData, "has no labels",
                     [&] { train_classifier(small_net(), set, {}); });
  set = bright_quarters(20);
  set.shape = {1, 4, 16};
  nets::expect_error(ErrorCode::kShape, "quarters has items of shape 1x4x16",
                     [&] { train_classifier(small_net(), set, {}); });
  nets::expect_error(ErrorCode::kUsage, "epochs = 0",
                     [&] { train_classifier(small_net(), set, {.epochs = 0}); });
}

}  // namespace
}  // namespace ebm::torch_nets
