#include "evaluation/live_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "base/error.h"
#include "tests/evaluation/two_values.h"

namespace ebm::evaluation {
namespace {

std::shared_ptr<const FeatureExtractor> two_values() { return std::make_shared<TwoValues>(); }

LiveQuality quality_of_all(int n_threads = 1) {
  return {two_values(), some_images(), {.n = kN, .seed = 5, .n_threads = n_threads}};
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
