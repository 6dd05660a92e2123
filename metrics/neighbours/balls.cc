#include "metrics/neighbours/balls.h"

#include <algorithm>
#include <atomic>

#include "base/parallel.h"
#include "base/require.h"
#include "metrics/neighbours/distance_tiles.h"

namespace ebm::metrics {
namespace {

std::int64_t n_positive(const std::vector<std::int64_t>& counts) {
  return std::count_if(counts.begin(), counts.end(), [](std::int64_t count) { return count > 0; });
}

}  // namespace

std::int64_t BallCounts::n_points_inside() const { return n_positive(balls_of_point); }
std::int64_t BallCounts::n_balls_filled() const { return n_positive(points_of_ball); }

BallCounts count_in_balls(const FeatureView& centres, std::span<const double> squared_radii,
                          const FeatureView& points, Boundary boundary, int n_threads) {
  base::require_at_least("n_threads", n_threads, 1);
  base::require_size("squared_radii", squared_radii.size(), centres.n(), "one per centre");
  BallCounts out{std::vector<std::int64_t>(static_cast<std::size_t>(points.n())),
                 std::vector<std::int64_t>(static_cast<std::size_t>(centres.n()))};
  const DistanceTiles tiles(points, centres);
  base::parallel_for(tiles.n_query_blocks(), n_threads, [&](std::int64_t block) {
    std::vector<std::int64_t> of_balls(out.points_of_ball.size());
    tiles.visit(block, [&](std::int64_t point, std::int64_t ball, DistanceTiles::Range range) {
      const double radius = squared_radii[static_cast<std::size_t>(ball)];
      if (range.least > radius) return;
      if (range.most >= radius) {
        const double exact = squared_distance(points.row(point), centres.row(ball), points.d());
        if (boundary == Boundary::kClosed ? exact > radius : exact >= radius) return;
      }
      ++out.balls_of_point[static_cast<std::size_t>(point)];
      ++of_balls[static_cast<std::size_t>(ball)];
    });
    // Whole numbers may be added up in any order.
    for (std::size_t ball = 0; ball < of_balls.size(); ++ball) {
      if (of_balls[ball] > 0) {
        std::atomic_ref(out.points_of_ball[ball])
            .fetch_add(of_balls[ball], std::memory_order_relaxed);
      }
    }
  });
  return out;
}

}  // namespace ebm::metrics
