#include "metrics/auroc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/mann_whitney.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

/// The first column in steps of 1/8, so that many are equal.
std::vector<float> rounded_scores(const Features& set) {
  std::vector<float> out;
  for (std::int64_t i = 0; i < set.n; ++i) {
    out.push_back(std::nearbyint(set.values[static_cast<std::size_t>(i * set.d)] * 8.0f) / 8.0f);
  }
  return out;
}

TEST(AurocTest, IsTheShareOfPairsByCounting) {
  const std::vector<float> positives = rounded_scores(checked_samples());
  const std::vector<float> negatives = rounded_scores(checked_reference());
  double sum = 0.0;
  for (const float p : positives) {
    for (const float n : negatives) sum += p > n ? 1.0 : p == n ? 0.5 : 0.0;
  }
  const double n_pairs = 200.0 * 300.0;
  EXPECT_DOUBLE_EQ(auroc(positives, negatives), sum / n_pairs);
  EXPECT_DOUBLE_EQ(auroc(positives, negatives), 0.53905);  // roc_auc_score of scikit-learn
  EXPECT_DOUBLE_EQ(auroc(negatives, positives), 1.0 - sum / n_pairs);
}

TEST(AurocTest, IsByHand) {
  EXPECT_EQ(auroc(std::vector<float>{3, 4}, std::vector<float>{1, 2}), 1.0);
  EXPECT_EQ(auroc(std::vector<float>{1, 2}, std::vector<float>{3, 4}), 0.0);
  EXPECT_EQ(auroc(std::vector<float>{5, 5, 5}, std::vector<float>{5, 5}), 0.5);
  EXPECT_EQ(auroc(std::vector<float>{2, 3}, std::vector<float>{2, 4}), 1.5 / 4.0);
  EXPECT_EQ(auroc(std::vector<float>{INFINITY, 0}, std::vector<float>{1, -INFINITY}), 0.75);
}

TEST(AurocTest, WrongScoresAreRefused) {
  const std::vector<float> good{1, 2}, none, bad{1, 2, NAN};
  EXPECT_EQ(message_of(ErrorCode::kShape, [&] { auroc(none, good); }),
            "positives hold no number: must hold at least one");
  EXPECT_EQ(message_of(ErrorCode::kBadData, [&] { auroc(good, bad); }),
            "negatives[2] = nan: must be a number");
}

TEST(MannWhitneyTest, IsThatOfSciPyWithTies) {
  // mannwhitneyu(method="asymptotic", use_continuity=False); z from its two-sided p = 0.13792.
  const std::vector<float> a = rounded_scores(checked_samples());
  const std::vector<float> b = rounded_scores(checked_reference());
  const std::vector<double> first(a.begin(), a.end()), second(b.begin(), b.end());
  const MannWhitney found = mann_whitney({"a", first}, {"b", second});
  EXPECT_EQ(found.twice_u, 2 * 32343);
  EXPECT_NEAR(found.z_score(), 1.48356406647, 1e-10);
  EXPECT_NEAR(mann_whitney({"b", second}, {"a", first}).z_score(), -1.48356406647, 1e-10);
}

TEST(MannWhitneyTest, OfEqualNumbersHasNoZ) {
  const std::vector<double> equal(4, 2.0);
  const MannWhitney found = mann_whitney({"a", equal}, {"b", equal});
  EXPECT_EQ(found.probability(), 0.5);
  EXPECT_TRUE(std::isnan(found.z_score()));
}

}  // namespace
}  // namespace ebm::metrics
