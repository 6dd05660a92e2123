#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// Whether a point on the surface is in the ball.
enum class Boundary { kClosed, kOpen };

/// Which points lie in which balls, counted along both sides.
struct BallCounts {
  std::vector<std::int64_t> balls_of_point;  ///< [n_points]
  std::vector<std::int64_t> points_of_ball;  ///< [n_centres]

  /// How many points lie in at least one ball, and how many balls hold at least one point.
  std::int64_t n_points_inside() const;
  std::int64_t n_balls_filled() const;
};

/// Counts the pairs with ‖point − centre‖² <= squared_radii[centre], or < for open balls. Exact,
/// for any number of threads, as DistanceTiles.
/// @param squared_radii  [n_centres]
/// @throws Error(kShape) on sizes that do not agree, Error(kUsage) on n_threads < 1.
BallCounts count_in_balls(const FeatureView& centres, std::span<const double> squared_radii,
                          const FeatureView& points, Boundary boundary, int n_threads);

}  // namespace ebm::metrics
