#include "evaluation/feature_comparison.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/evaluation/two_values.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

const TwoValues kFeatures;
const ImageRows kReference{"training images", kN, moved(1, 0)};
const ImageRows kShifted{"shifted", kN, moved(1, 0.25f)};

TEST(FeatureComparisonTest, DistanceOfAShiftIsThatOfTheMeans) {
  const FeatureComparison comparison(kFeatures, kReference, kShifted, {});
  EXPECT_EQ(comparison.d(), 2);
  // 0.25² + 0.5² for the two features.
  EXPECT_NEAR(comparison.frechet_distance(kShifted), 0.3125, 1e-6);
  EXPECT_NEAR(comparison.frechet_distance(kReference), 0.0, 1e-9);
  const EvaluatedSet test = comparison.compare_test("test");
  EXPECT_EQ(test.key, "test");
  EXPECT_EQ(test.name, "shifted");
  EXPECT_EQ(test.quality.n, kN);
  EXPECT_NEAR(test.quality.fd, 0.3125, 1e-6);
  EXPECT_FALSE(test.memorisation);
}

TEST(FeatureComparisonTest, CopiesOfTrainingImagesAreMemorised) {
  const FeatureComparison comparison(kFeatures, kReference, kShifted, {});
  const EvaluatedSet copies = comparison.compare("copies", kReference);
  EXPECT_EQ(copies.quality.precision, 1.0);
  EXPECT_EQ(copies.quality.recall, 1.0);
  ASSERT_TRUE(copies.memorisation);
  EXPECT_EQ(copies.memorisation->copy_share, 1.0);
  EXPECT_EQ(copies.memorisation->mean_to_train, 0.0);
}

TEST(FeatureComparisonTest, FewerImagesMeetAsManyReferences) {
  const FeatureComparison comparison(kFeatures, kReference, kShifted, {});
  const std::int64_t n = 50;
  const std::vector<float> first(kReference.rows.begin(), kReference.rows.begin() + n * kValues);
  const EvaluatedSet part = comparison.compare("part", {"part", n, first});
  EXPECT_EQ(part.quality.n, n);
  EXPECT_NEAR(part.quality.fd, 0.0, 1e-9);
}

TEST(FeatureComparisonTest, ACovarianceTakesMoreImagesThanFeatures) {
  const ImageRows two{"two", 2, std::vector<float>(8)};
  EXPECT_EQ(
      nets::expect_error(ErrorCode::kBadData, "",
                         [&] { FeatureComparison(kFeatures, two, two, {.limited_by = "waves"}); }),
      "n = 2: a covariance of 2 features takes at least 3 images of each kind; waves has too "
      "few");
}

}  // namespace
}  // namespace ebm::evaluation
