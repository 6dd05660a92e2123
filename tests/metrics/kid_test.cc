#include "metrics/kid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/mean_and_sd.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

double kernel(const float* x, const float* y, std::int64_t d) {
  double dot = 0.0;
  for (std::int64_t k = 0; k < d; ++k) dot += static_cast<double>(x[k]) * static_cast<double>(y[k]);
  return std::pow(dot / static_cast<double>(d) + 1.0, 3.0);
}

TEST(KidTest, IsTheDirectSum) {
  // More rows than a block.
  const Features reference = lcg_features(300, 10, 1, 2.0f),
                 samples = lcg_features(300, 10, 2, 2.5f);
  const FeatureView x = reference.view(), y = samples.view();
  double within_x = 0, within_y = 0, between = 0;
  for (std::int64_t i = 0; i < 300; ++i) {
    for (std::int64_t j = 0; j < 300; ++j) {
      between += kernel(x.row(i), y.row(j), 10);
      if (i == j) continue;
      within_x += kernel(x.row(i), x.row(j), 10);
      within_y += kernel(y.row(i), y.row(j), 10);
    }
  }
  const double expected = (within_x + within_y) / (300.0 * 299.0) - 2.0 * between / (300.0 * 300.0);
  const Kid found = kid(x, y, {.n_subsets = 1, .subset_size = 300});
  EXPECT_NEAR(found.mean, expected, 1e-12);
  EXPECT_TRUE(std::isnan(found.sd));
}

TEST(KidTest, IsThatOfNumPy) {
  const Features reference = lcg_features(200, 6, 1), samples = checked_samples();
  const Kid found = kid(reference.view(), samples.view(), {.n_subsets = 1, .subset_size = 200});
  EXPECT_NEAR(found.mean, 0.0480798941457556, 1e-14);
}

TEST(KidTest, OfSubsetsHasMeanAndSpread) {
  const Features reference = lcg_features(100, 3, 1), samples = lcg_features(90, 3, 2, 1.2f);
  const Kid found = kid(reference.view(), samples.view(), {.n_subsets = 20, .subset_size = 40});
  ASSERT_EQ(found.subsets.size(), 20u);
  const auto [mean, sd] = mean_and_sd(found.subsets);
  EXPECT_EQ(found.mean, mean);
  EXPECT_EQ(found.sd, sd);
  EXPECT_NE(found.subsets[0], found.subsets[1]);
  EXPECT_NE(
      kid(reference.view(), samples.view(), {.n_subsets = 20, .subset_size = 40, .seed = 1}).mean,
      found.mean);
}

TEST(KidTest, WrongOptionsAreRefused) {
  const Features reference = lcg_features(30, 2, 1), samples = lcg_features(20, 2, 2);
  const auto message = [&](const KidOptions& options) {
    return message_of(ErrorCode::kUsage,
                      [&] { kid(reference.view("reference"), samples.view("samples"), options); });
  };
  EXPECT_EQ(message({}), "subset_size = 1000: must be at most the rows of reference, 30");
  EXPECT_EQ(message({.subset_size = 25}),
            "subset_size = 25: must be at most the rows of samples, 20");
  EXPECT_TRUE(contains(message({.subset_size = 1}), "subset_size = 1"));
  EXPECT_TRUE(contains(message({.n_subsets = 0, .subset_size = 5}), "n_subsets = 0"));
  EXPECT_TRUE(contains(message({.subset_size = 5, .n_threads = 0}), "n_threads = 0"));
}

}  // namespace
}  // namespace ebm::metrics
