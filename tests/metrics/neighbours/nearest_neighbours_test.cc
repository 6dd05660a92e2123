#include "metrics/neighbours/nearest_neighbours.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "metrics/neighbours/distance_tiles.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

/// By sorting all distances, computed one by one.
void expect_as_by_sorting(const Features& queries, const Features& points, std::int64_t k,
                          bool leave_self_out) {
  const Neighbours found = nearest_neighbours(
      queries.view(), points.view(), {.k = k, .leave_self_out = leave_self_out, .n_threads = 2});
  for (std::int64_t i = 0; i < queries.n; ++i) {
    std::vector<std::pair<double, std::int64_t>> all;
    for (std::int64_t j = 0; j < points.n; ++j) {
      if (leave_self_out && i == j) continue;
      double sum = 0.0;
      for (std::int64_t c = 0; c < queries.d; ++c) {
        const double difference =
            static_cast<double>(queries.values[static_cast<std::size_t>(i * queries.d + c)]) -
            static_cast<double>(points.values[static_cast<std::size_t>(j * points.d + c)]);
        sum += difference * difference;
      }
      all.emplace_back(sum, j);
    }
    std::sort(all.begin(), all.end());
    for (std::int64_t nth = 0; nth < k; ++nth) {
      const auto slot = static_cast<std::size_t>(i * k + nth);
      ASSERT_EQ(found.squared_distances[slot], all[static_cast<std::size_t>(nth)].first) << i;
      ASSERT_EQ(found.indices[slot], all[static_cast<std::size_t>(nth)].second) << i;
    }
  }
}

TEST(NearestNeighboursTest, AreThoseBySorting) {
  // More than a tile both ways, none of them full.
  expect_as_by_sorting(lcg_features(150, 7, 1), lcg_features(600, 7, 2), 5, false);
  expect_as_by_sorting(lcg_features(600, 1, 3), lcg_features(1, 1, 4), 1, false);
  const Features own = lcg_features(300, 20, 5);
  expect_as_by_sorting(own, own, 3, true);
}

TEST(NearestNeighboursTest, AreExactWhereFloatProductsSayNothing) {
  // Two clusters 2000 apart, 0.001 wide: squares of 1e6 drown distances of 1e-6 in float32.
  Features features = lcg_features(300, 4, 6, 0.001f);
  for (std::int64_t i = 0; i < features.n; ++i) {
    features.values[static_cast<std::size_t>(4 * i)] += i % 2 == 0 ? 1000.0f : -1000.0f;
  }
  expect_as_by_sorting(features, features, 4, true);
}

TEST(NearestNeighboursTest, AreExactAtTheEndsOfTheFloatRange) {
  for (const float scale : {1e-30f, 1e-22f, 1e22f, 1e38f}) {
    expect_as_by_sorting(lcg_features(40, 3, 7, scale), lcg_features(50, 3, 8, scale), 2, false);
  }
}

TEST(NearestNeighboursTest, AtEqualDistanceGoByIndex) {
  const Features points = on_a_line({5, 1, -1, 1, -1, 3});
  const Features query = on_a_line({0});
  const Neighbours found = nearest_neighbours(query.view(), points.view(), {.k = 5});
  EXPECT_EQ(found.indices, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(found.squared_distances, (std::vector<double>{1, 1, 1, 1, 9}));
  EXPECT_EQ(found.squared_radii(), (std::vector<double>{9}));
}

TEST(NearestNeighboursTest, OfARowMayBeItsCopyButNotItself) {
  const Features points = on_a_line({2, 7, 2});
  const Neighbours found =
      nearest_neighbours(points.view(), points.view(), {.k = 1, .leave_self_out = true});
  EXPECT_EQ(found.indices, (std::vector<std::int64_t>{2, 0, 0}));
  EXPECT_EQ(nearest_distances(points.view(), points.view(), {.leave_self_out = true}),
            (std::vector<double>{0, 5, 0}));
}

TEST(NearestNeighboursTest, WrongOptionsAreRefused) {
  const Features points = on_a_line({1, 2, 3});
  const auto run = [&](const NeighbourOptions& options) {
    nearest_neighbours(points.view(), points.view("points"), options);
  };
  EXPECT_NO_THROW(run({.k = 3}));
  EXPECT_EQ(message_of(ErrorCode::kShape, [&] { run({.k = 3, .leave_self_out = true}); }),
            "points have 3 rows: must be at least 4 for k = 3 neighbours");
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage, [&] { run({.k = 0}); }), "k = 0"));
  EXPECT_TRUE(
      contains(message_of(ErrorCode::kUsage, [&] { run({.n_threads = 0}); }), "n_threads = 0"));
}

TEST(DistanceTilesTest, RangesHoldTheDistance) {
  // Squares of the largest and smallest of these are no float32 numbers.
  for (const float scale : {1.0f, 1e-30f, 1e30f}) {
    const Features x = lcg_features(200, 300, 9, scale, 3.0f * scale),
                   y = lcg_features(700, 300, 10, scale);
    const FeatureView xs = x.view(), ys = y.view();
    const DistanceTiles tiles(xs, ys);
    std::int64_t n_pairs = 0;
    for (std::int64_t block = 0; block < tiles.n_query_blocks(); ++block) {
      tiles.visit(block, [&](std::int64_t i, std::int64_t j, DistanceTiles::Range range) {
        const double exact = squared_distance(xs.row(i), ys.row(j), 300);
        ++n_pairs;
        ASSERT_LE(range.least, exact);
        ASSERT_GE(range.most, exact);
        // Narrow enough to sort out nearly all pairs.
        ASSERT_LT(range.most - range.least, 1e-3 * exact);
      });
    }
    EXPECT_EQ(n_pairs, 200 * 700);
  }
}

}  // namespace
}  // namespace ebm::metrics
