#include "evaluation/live_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "base/error.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kN = 300;
constexpr std::int64_t kValues = 4;

/// Images of 1x2x2 as floats.
data::Dataset some_images() {
  data::Dataset dataset;
  dataset.name = "waves";
  dataset.n = kN;
  dataset.shape = {1, 2, 2};
  std::vector<float> values(kN * kValues);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.4f * std::sin(1.7f * static_cast<float>(i * i % 1009));
  }
  dataset.values = std::move(values);
  return dataset;
}

/// The first two values of an image, the second one twice as large.
class TwoValues : public FeatureExtractor {
 public:
  std::int64_t dim() const override { return kValues; }
  std::int64_t n_classes() const override { return 0; }
  const std::string& description() const override { return description_; }
  ImageFeatures features_of(std::span<const float> rows, const std::string&, int,
                            const OnImages&) const override {
    ImageFeatures out{
        .n = static_cast<std::int64_t>(rows.size()) / kValues, .d = 2, .values = {}, .classes = {}};
    for (std::size_t i = 0; i < rows.size(); i += kValues) {
      out.values.insert(out.values.end(), {rows[i], 2.0f * rows[i + 1]});
    }
    return out;
  }

 private:
  std::string description_ = "two values";
};

std::shared_ptr<const FeatureExtractor> two_values() { return std::make_shared<TwoValues>(); }

LiveQuality quality_of_all(int n_threads = 1) {
  return {two_values(), some_images(), {.n = kN, .seed = 5, .n_threads = n_threads}};
}

std::vector<float> moved(float scale, float shift) {
  auto rows = std::get<1>(some_images().values);
  for (float& x : rows) x = scale * x + shift;
  return rows;
}

TEST(LiveQualityTest, IsTheFrechetDistanceOfTheFeatures) {
  const std::atomic<int> stop{0};
  const LiveQuality quality = quality_of_all();
  EXPECT_NEAR(*quality.distance_of(moved(1, 0), "same", stop), 0.0, 1e-9);
  // Of means alone: 0.25² + 0.5² for the two features.
  EXPECT_NEAR(*quality.distance_of(moved(1, 0.25f), "shifted", stop), 0.3125, 1e-6);
  // Half as far from 0: (μ/2)² and (σ − σ/2)² for each feature, as the axes stay the same.
  const auto rows = moved(1, 0);
  double expected = 0.0;
  for (const std::size_t k : {0u, 1u}) {
    const double scale = k == 0 ? 1.0 : 2.0;
    double mean = 0.0, squares = 0.0;
    for (std::size_t i = k; i < rows.size(); i += kValues) mean += scale * rows[i] / kN;
    for (std::size_t i = k; i < rows.size(); i += kValues)
      squares += std::pow(scale * rows[i] - mean, 2);
    expected += 0.25 * (mean * mean + squares / (kN - 1));
  }
  EXPECT_NEAR(*quality.distance_of(moved(0.5f, 0), "halved", stop), expected, 1e-6);
}

TEST(LiveQualityTest, BitsDependOnTheSeedAlone) {
  const std::atomic<int> stop{0};
  const auto rows = moved(0.7f, 0.1f);
  const data::Dataset images = some_images();
  const auto value = [&](std::uint64_t seed, int n_threads) {
    const LiveQuality quality(two_values(), images,
                              {.n = 200, .seed = seed, .n_threads = n_threads});
    return *quality.distance_of(std::span(rows).first(200 * kValues), "rows", stop);
  };
  EXPECT_EQ(value(1, 1), value(1, 2));
  EXPECT_EQ(value(1, 1), value(1, 3));
  EXPECT_NE(value(1, 1), value(2, 1));
}

TEST(LiveQualityTest, StopsOnSignal) {
  const std::atomic<int> stop{2};
  EXPECT_FALSE(quality_of_all().distance_of(moved(1, 0), "rows", stop));
}

TEST(LiveQualityTest, TooFewImagesAreRefused) {
  const auto message = [](std::int64_t n) {
    try {
      const LiveQuality quality(two_values(), some_images(), {.n = n});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message(301), "eval_n = 301: waves has 300 images; must be at most as many");
  EXPECT_EQ(message(2), "eval_n = 2: a covariance of 2 features takes at least 3 images");
  EXPECT_EQ(message(3), "");
}

}  // namespace
}  // namespace ebm::evaluation
