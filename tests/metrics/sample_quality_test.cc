#include "metrics/sample_quality.h"

#include <gtest/gtest.h>

#include "metrics/frechet_distance.h"
#include "metrics/kid.h"
#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/precision_recall.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(SampleQualityTest, FiguresAreThoseOfTheMetrics) {
  const Features data = normal_features(300, 4, 1), samples = normal_features(300, 4, 2, 0.5f);
  const std::vector<std::int64_t> a(300, 0), b(300, 1);
  const SampleQuality found =
      sample_quality({data.view(), a}, {samples.view(), b}, {.n_classes = 2, .seed = 5});
  EXPECT_EQ(found.n, 300);
  EXPECT_EQ(found.fd, frechet_distance(data.view(), samples.view()).value);
  EXPECT_EQ(found.kid, kid(data.view(), samples.view(), {.subset_size = 150, .seed = 5}).mean);
  EXPECT_EQ(found.precision, precision_recall(data.view(), samples.view()).precision);
  EXPECT_EQ(found.recall, precision_recall(data.view(), samples.view()).recall);
  EXPECT_EQ(found.density, density_coverage(data.view(), samples.view()).density);
  EXPECT_EQ(found.coverage, density_coverage(data.view(), samples.view()).coverage);
  EXPECT_EQ(found.two_sample_1nn.accuracy, two_sample_1nn(data.view(), samples.view()).accuracy);
  ASSERT_TRUE(found.classes);
  EXPECT_EQ(found.classes->counts, (std::vector<std::int64_t>{0, 300}));
  EXPECT_EQ(found.classes->n_missing, 1);
  EXPECT_TRUE(found.is_fd_reliable);
}

TEST(SampleQualityTest, FrechetDistanceOfTwoHalvesGoesToZeroAtInfinity) {
  const Features data = normal_features(2000, 8, 1), samples = normal_features(2000, 8, 2);
  const SampleQuality found = sample_quality({data.view()}, {samples.view()}, {.seed = 1});
  EXPECT_GT(found.fd, 0.01);  // the bias at n = 2000
  EXPECT_LT(std::abs(found.fd_infinity), 0.4 * found.fd);
  EXPECT_FALSE(found.classes);
}

TEST(SampleQualityTest, UnequalOrTooFewRowsAreRefused) {
  const Features a = normal_features(20, 2, 1), b = normal_features(21, 2, 1);
  EXPECT_TRUE(contains(
      message_of(ErrorCode::kShape, [&] { sample_quality({a.view()}, {b.view("drawn")}, {}); }),
      "drawn 21"));
  const Features few = normal_features(5, 2, 1);
  EXPECT_FALSE(message_of(ErrorCode::kShape, [&] {
                 sample_quality({few.view()}, {few.view()}, {});
               }).empty());
}

}  // namespace
}  // namespace ebm::metrics
