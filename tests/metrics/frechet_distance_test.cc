#include "metrics/frechet_distance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

/// Four points ±p, ±q about a centre: mean = centre, covariance = (2/3)·(ppᵀ + qqᵀ).
Features cross(float px, float py, float qx, float qy, float cx = 0, float cy = 0) {
  return {{cx + px, cy + py, cx - px, cy - py, cx + qx, cy + qy, cx - qx, cy - qy}, 4, 2};
}

TEST(MomentsTest, AreByHand) {
  const Features set = cross(3, 0, 1.5f, 1.5f, 10, 20);
  const Moments found = moments_of(set.view());
  EXPECT_EQ(found.mean, (std::vector<double>{10, 20}));
  EXPECT_EQ(found.covariance, (std::vector<double>{7.5, 1.5, 1.5, 1.5}));
  EXPECT_FALSE(found.is_rank_deficient());
  const std::vector<std::int64_t> rows{2, 3};
  const Moments some = moments_of(set.view(), rows);
  EXPECT_EQ(some.n, 2);
  EXPECT_EQ(some.covariance, (std::vector<double>{4.5, 4.5, 4.5, 4.5}));
  EXPECT_TRUE(some.is_rank_deficient());
}

TEST(MomentsTest, AreThoseOfADirectSum) {
  // More rows than a chunk, more columns than a task.
  const Features set = lcg_features(1100, 70, 1, 1.0f, 100.0f);
  const Moments found = moments_of(set.view(), {}, 2);
  const auto at = [&](std::size_t i, std::size_t k) {
    return static_cast<double>(set.values[i * 70 + k]);
  };
  for (const auto& [k, l] : {std::pair{0, 0}, {3, 69}, {69, 3}, {68, 69}, {10, 20}}) {
    double mean_k = 0, mean_l = 0, sum = 0;
    for (std::size_t i = 0; i < 1100; ++i) {
      mean_k += at(i, k) / 1100;
      mean_l += at(i, l) / 1100;
    }
    for (std::size_t i = 0; i < 1100; ++i) sum += (at(i, k) - mean_k) * (at(i, l) - mean_l);
    EXPECT_NEAR(found.mean[static_cast<std::size_t>(k)], mean_k, 1e-11);
    EXPECT_NEAR(found.covariance[static_cast<std::size_t>(k * 70 + l)], sum / 1099, 1e-12);
  }
}

TEST(MomentsTest, OfOneRowAreRefused) {
  const Features set = lcg_features(1, 3, 1);
  EXPECT_EQ(message_of(ErrorCode::kShape, [&] { moments_of(set.view("samples")); }),
            "samples have 1 rows: must be at least 2 for a covariance");
}

TEST(FrechetDistanceTest, OfCommutingCovariancesIsThatOfTheRoots) {
  // diag(6, 1.5) and diag(24, 0.375): (√6 − √24)² = 6, (√1.5 − √0.375)² = 0.375; shift (1, 2).
  const Features a = cross(3, 0, 0, 1.5f), b = cross(6, 0, 0, 0.75f, 1, 2);
  const FrechetDistance found = frechet_distance(a.view(), b.view());
  EXPECT_NEAR(found.value, 11.375, 1e-12);
  EXPECT_NEAR(found.mean_term, 5.0, 1e-12);
  EXPECT_NEAR(found.covariance_term, 6.375, 1e-12);
  EXPECT_FALSE(found.is_rank_deficient);
}

TEST(FrechetDistanceTest, OfCovariancesThatDoNotCommuteIsByHand) {
  // A = diag(6, 1.5), B = [7.5 1.5; 1.5 1.5]: in two dimensions tr(AB)^{1/2} =
  // √(tr AB + 2·√det AB) = √(47.25 + 2·9).
  const Features a = cross(3, 0, 0, 1.5f), b = cross(3, 0, 1.5f, 1.5f);
  const double expected = 7.5 + 9.0 - 2.0 * std::sqrt(65.25);
  EXPECT_NEAR(frechet_distance(a.view(), b.view()).value, expected, 1e-12);
  EXPECT_NEAR(frechet_distance(b.view(), a.view()).value, expected, 1e-12);
}

TEST(FrechetDistanceTest, OfSingularCovariancesIsByHand) {
  // ±v and ±w: 2vvᵀ and 2wwᵀ, whose distance is 2|v|² + 2|w|² − 4|v·w| = 18 + 10 − 16.
  const Features a{{1, 2, 2, -1, -2, -2}, 2, 3}, b{{2, 0, 1, -2, 0, -1}, 2, 3};
  const FrechetDistance found = frechet_distance(a.view(), b.view());
  EXPECT_NEAR(found.value, 12.0, 1e-12);
  EXPECT_TRUE(found.is_rank_deficient);
}

TEST(FrechetDistanceTest, IsThatOfSciPy) {
  // numpy.cov and scipy.linalg.sqrtm.
  const Features reference = checked_reference(), samples = checked_samples();
  EXPECT_NEAR(frechet_distance(reference.view(), samples.view()).value, 0.178761762490986, 1e-12);
}

TEST(FrechetDistanceTest, OfASetWithItselfIsZero) {
  for (const std::int64_t n : {5, 200}) {
    const Features set = lcg_features(n, 30, 2);
    EXPECT_NEAR(frechet_distance(set.view(), set.view()).value, 0.0, 1e-12);
  }
  const Features constant{{2, 3, 2, 3, 2, 3}, 3, 2};
  EXPECT_EQ(frechet_distance(constant.view(), constant.view()).value, 0.0);
}

TEST(FrechetDistanceTest, ImpossibleMomentsAreRefused) {
  const Moments good{10, 2, {0, 0}, {1, 0, 0, 1}}, negative{10, 2, {0, 0}, {1, 2, 2, 1}};
  EXPECT_EQ(message_of(ErrorCode::kBadData, [&] { frechet_distance(good, negative); }),
            "the covariance of samples has the eigenvalue -1: none may be negative");
  const Moments wide{10, 3, {0, 0, 0}, std::vector<double>(9)};
  EXPECT_TRUE(contains(message_of(ErrorCode::kShape, [&] { frechet_distance(good, wide); }),
                       "moments of 3 columns"));
  const Moments nan{10, 2, {0, 0}, {NAN, 0, 0, 1}};
  message_of(ErrorCode::kBadData, [&] { frechet_distance(nan, good); });
}

}  // namespace
}  // namespace ebm::metrics
