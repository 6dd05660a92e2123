#include "metrics/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(FeaturesTest, SizesHaveToAgree) {
  const std::vector<float> values(6);
  EXPECT_EQ(FeatureView(values, 2, 3).row(1), values.data() + 3);
  for (const auto& shape : {std::pair{2, 2}, {3, 3}, {6, 2}, {0, 6}, {6, 0}, {-2, -3}, {1, 4}}) {
    const std::string message = message_of(
        ErrorCode::kShape, [&] { FeatureView(values, shape.first, shape.second, "samples"); });
    EXPECT_TRUE(contains(message, "samples [" + std::to_string(shape.first))) << message;
  }
}

TEST(FeaturesTest, ValuesHaveToBeFinite) {
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    std::vector<float> values(6);
    values[4] = bad;
    const std::string message =
        message_of(ErrorCode::kBadData, [&] { FeatureView(values, 2, 3, "samples"); });
    EXPECT_TRUE(contains(message, "samples[1, 1] = ")) << message;
    EXPECT_TRUE(contains(message, "must be finite")) << message;
  }
}

TEST(FeaturesTest, WidthsAreComparedByName) {
  const Features a = lcg_features(4, 3, 1), b = lcg_features(4, 2, 1);
  const std::string message = message_of(
      ErrorCode::kShape, [&] { require_equal_dim(a.view("reference"), b.view("samples")); });
  EXPECT_EQ(message, "samples have 2 columns: must be as many as reference, 3");
}

}  // namespace
}  // namespace ebm::metrics
