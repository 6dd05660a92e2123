// The feature network that comes with the program, on real images: what it was said to recognise,
// and whether collapsed samples are seen in its features.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <vector>

#include "data/batch_source.h"
#include "data/load_dataset.h"
#include "evaluation/compiled_features.h"
#include "metrics/random_subset.h"
#include "metrics/sample_quality.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kN = 1000;

const nets::FeatureFile& shipped() {
  static const nets::FeatureFile kFile =
      nets::read_feature_file(EBM_SOURCE_DIR "/share/features/fashion-mnist.safetensors");
  return kFile;
}

std::vector<float> dataset_rows(const data::Dataset& dataset,
                                const std::vector<std::int64_t>& items) {
  std::vector<float> rows(items.size() * 784);
  const data::BatchSource source(dataset, {.batch_size = 1});
  for (std::size_t i = 0; i < items.size(); ++i) {
    source.fill_range(items[i], 1, std::span(rows).subspan(i * 784, 784));
  }
  return rows;
}

class ShippedFeaturesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("EBM_DATA") == nullptr &&
        !std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
      GTEST_SKIP() << "dataset-fashion-mnist is not installed";
    }
    train_ = data::load_dataset("fashion-mnist");
    const auto items =
        metrics::random_subset(train_.n, 2 * kN, 7, 0, metrics::SubsetOf::kReference);
    reference_items_.assign(items.begin(), items.begin() + kN);
    sample_items_.assign(items.begin() + kN, items.end());
  }

  /// Of items of the training split, against others of it.
  metrics::SampleQuality quality(const std::vector<std::int64_t>& items) const {
    const CompiledFeatures net(shipped());
    const auto reference = net.features_of(dataset_rows(train_, reference_items_), "reference", 2);
    const auto samples = net.features_of(dataset_rows(train_, items), "samples", 2);
    return metrics::sample_quality({{reference.values, kN, reference.d}, reference.classes},
                                   {{samples.values, kN, samples.d}, samples.classes},
                                   {.n_classes = 10, .n_threads = 2});
  }

  data::Dataset train_;
  std::vector<std::int64_t> reference_items_, sample_items_;
};

TEST_F(ShippedFeaturesTest, RecogniseWhatTheFileSays) {
  const data::Dataset test = data::load_dataset("fashion-mnist#split=test,limit=2000");
  std::vector<std::int64_t> items(2000);
  std::iota(items.begin(), items.end(), 0);
  const auto found = CompiledFeatures(shipped()).features_of(dataset_rows(test, items), "test", 2);
  double n_right = 0.0;
  for (std::size_t i = 0; i < 2000; ++i) n_right += found.classes[i] == test.labels[i];
  EXPECT_GE(shipped().test_accuracy, 0.9);
  // Four standard errors of 2000 images.
  EXPECT_NEAR(n_right / 2000, shipped().test_accuracy, 0.027);
  EXPECT_EQ(found.d, 64);
}

TEST_F(ShippedFeaturesTest, OtherImagesOfTheSameKindAreGoodSamples) {
  const auto found = quality(sample_items_);
  EXPECT_NEAR(found.kid, 0.0, 3.0 * found.kid_sd);
  EXPECT_GT(found.precision, 0.8);
  EXPECT_GT(found.recall, 0.8);
  EXPECT_NEAR(found.density, 1.0, 0.15);
  EXPECT_GT(found.coverage, 0.93);  // 0.969 is expected
  EXPECT_NEAR(found.two_sample_1nn.accuracy, 0.5, 0.06);
  EXPECT_EQ(found.classes->n_missing, 0);
  EXPECT_LT(found.classes->kl_divergence, 0.03);
}

TEST_F(ShippedFeaturesTest, AHundredImagesOverAndOverAreSeen) {
  const auto good = quality(sample_items_);
  std::vector<std::int64_t> items = sample_items_;
  for (std::size_t i = 100; i < items.size(); ++i) items[i] = items[i - 100];
  const auto found = quality(items);
  EXPECT_GT(found.precision, 0.8);  // each of them is good
  EXPECT_LT(found.recall, 0.05);    // ten copies of each: no ball has a radius
  EXPECT_LT(found.coverage, 0.5 * good.coverage);
  EXPECT_EQ(found.two_sample_1nn.accuracy_samples, 1.0);
  EXPECT_GT(found.classes->kl_divergence, good.classes->kl_divergence);
}

TEST_F(ShippedFeaturesTest, OneClassIsSeen) {
  const auto good = quality(sample_items_);
  std::vector<std::int64_t> trousers;
  for (std::int64_t i = 0; std::ssize(trousers) < kN; ++i) {
    if (train_.labels[static_cast<std::size_t>(i)] == 1) trousers.push_back(i);
  }
  const auto found = quality(trousers);
  EXPECT_GT(found.precision, 0.8);
  EXPECT_LT(found.recall, 0.3);
  EXPECT_LT(found.coverage, 0.2);
  EXPECT_GT(found.fd, 20.0 * good.fd);
  EXPECT_GT(found.classes->counts[1], 900);
  EXPECT_GT(found.classes->kl_divergence, 1.5);  // ln 10 = 2.3 if it were only one
  EXPECT_LT(found.classes->entropy, 0.5);
}

}  // namespace
}  // namespace ebm::evaluation
