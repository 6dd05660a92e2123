#include "metrics/average_precision.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(AveragePrecisionTest, IsByHandWithTies) {
  // "score >= 3": recall 1/3, precision 1; ">= 2.5": no step; ">= 2": recall 1, precision 3/5.
  const std::vector<float> positives{2, 3, 2}, negatives{2, 1, 2.5f};
  EXPECT_DOUBLE_EQ(average_precision(positives, negatives), 1.0 / 3.0 + 2.0 / 3.0 * 3.0 / 5.0);
}

TEST(AveragePrecisionTest, OfEqualScoresIsTheShareOfPositives) {
  EXPECT_DOUBLE_EQ(average_precision(std::vector<float>(3, 1.0f), std::vector<float>(7, 1.0f)),
                   0.3);
}

TEST(AveragePrecisionTest, OfPerfectScoresIsOne) {
  EXPECT_EQ(average_precision(std::vector<float>{INFINITY, 3}, std::vector<float>{2, 2, 2}), 1.0);
}

TEST(AveragePrecisionTest, IsThatOfScikitLearn) {
  const Features reference = checked_reference(), samples = checked_samples();
  EXPECT_NEAR(average_precision(reference.values, samples.values), 0.573901697384385, 1e-14);
  std::vector<float> positives, negatives;
  for (std::size_t i = 0; i < 1800; i += 6) {
    negatives.push_back(std::nearbyint(reference.values[i] * 8.0f) / 8.0f);
    if (i < 1200) positives.push_back(std::nearbyint(samples.values[i] * 8.0f) / 8.0f);
  }
  EXPECT_NEAR(average_precision(positives, negatives), 0.418665980386568, 1e-14);
}

TEST(AveragePrecisionTest, WrongScoresAreRefused) {
  const std::vector<float> good{1, 2}, none, bad{1, NAN};
  EXPECT_TRUE(contains(message_of(ErrorCode::kShape, [&] { average_precision(good, none); }),
                       "negatives hold no number"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kBadData, [&] { average_precision(bad, good); }),
                       "positives[1] = nan"));
}

}  // namespace
}  // namespace ebm::metrics
