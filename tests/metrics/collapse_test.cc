// What the figures of fidelity and diversity say of samples that are known to be bad.

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/precision_recall.h"
#include "metrics/neighbours/two_sample_1nn.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

/// n points about ten centres on a circle, class i % 10, or all about the first centre.
Features ten_classes(std::int64_t n, std::uint64_t seed, bool only_first) {
  Features out = normal_features(n, 2, seed);
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = only_first ? 0.0 : 0.2 * M_PI * static_cast<double>(i % 10);
    const auto at = static_cast<std::size_t>(2 * i);
    out.values[at] += static_cast<float>(30.0 * std::cos(angle));
    out.values[at + 1] += static_cast<float>(30.0 * std::sin(angle));
  }
  return out;
}

/// The first n_distinct rows over and over.
Features repeated(Features set, std::int64_t n_distinct) {
  const auto period = static_cast<std::size_t>(n_distinct * set.d);
  for (std::size_t i = period; i < set.values.size(); ++i) {
    set.values[i] = set.values[i - period];
  }
  return set;
}

TEST(CollapseTest, OfGoodSamplesIsNotSeen) {
  const Features reference = ten_classes(500, 1, false), samples = ten_classes(500, 2, false);
  const auto pr = precision_recall(reference.view(), samples.view());
  const auto dc = density_coverage(reference.view(), samples.view());
  EXPECT_GT(pr.precision, 0.85);
  EXPECT_GT(pr.recall, 0.85);
  EXPECT_NEAR(dc.density, 1.0, 0.1);
  EXPECT_NEAR(dc.coverage, expected_coverage(500, 500, 5), 0.04);
}

TEST(CollapseTest, ToAHundredImagesIsSeen) {
  const Features reference = ten_classes(500, 1, false);
  const Features samples = repeated(ten_classes(500, 2, false), 100);
  const auto pr = precision_recall(reference.view(), samples.view());
  const auto dc = density_coverage(reference.view(), samples.view());
  EXPECT_GT(pr.precision, 0.85);  // each sample is good
  EXPECT_EQ(pr.recall, 0.0);      // k copies of each: no ball has a radius
  EXPECT_NEAR(dc.density, 1.0, 0.2);
  // As of a hundred samples: 0.60.
  EXPECT_NEAR(dc.coverage, expected_coverage(500, 100, 5), 0.06);
  EXPECT_EQ(two_sample_1nn(reference.view(), samples.view()).accuracy_samples, 1.0);
}

TEST(CollapseTest, ToOneClassIsSeen) {
  const Features reference = ten_classes(500, 1, false), samples = ten_classes(500, 2, true);
  const auto pr = precision_recall(reference.view(), samples.view());
  const auto dc = density_coverage(reference.view(), samples.view());
  EXPECT_GT(pr.precision, 0.85);
  EXPECT_LT(pr.recall, 0.12);  // a tenth of the reference is of the class
  EXPECT_LT(dc.coverage, 0.12);
  EXPECT_GT(dc.coverage, 0.08);
}

}  // namespace
}  // namespace ebm::metrics
