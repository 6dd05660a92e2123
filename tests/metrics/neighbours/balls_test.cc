#include "metrics/neighbours/balls.h"

#include <gtest/gtest.h>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

using Counts = std::vector<std::int64_t>;

TEST(BallsTest, AreCountedAlongBothSides) {
  // Balls [−1, 1], [0, 4] and the point 7.
  const Features centres = on_a_line({0, 2, 7});
  const Features points = on_a_line({-1, 0.5f, 4, 7, 8, 1});
  const std::vector<double> radii{1, 4, 0};
  const BallCounts closed =
      count_in_balls(centres.view(), radii, points.view(), Boundary::kClosed, 1);
  EXPECT_EQ(closed.balls_of_point, (Counts{1, 2, 1, 1, 0, 2}));
  EXPECT_EQ(closed.points_of_ball, (Counts{3, 3, 1}));
  EXPECT_EQ(closed.n_points_inside(), 5);
  EXPECT_EQ(closed.n_balls_filled(), 3);

  const BallCounts open = count_in_balls(centres.view(), radii, points.view(), Boundary::kOpen, 1);
  EXPECT_EQ(open.balls_of_point, (Counts{0, 2, 0, 0, 0, 1}));
  EXPECT_EQ(open.points_of_ball, (Counts{1, 2, 0}));
  EXPECT_EQ(open.n_points_inside(), 2);
  EXPECT_EQ(open.n_balls_filled(), 2);
}

TEST(BallsTest, NeedOneRadiusEach) {
  const Features centres = on_a_line({0, 2});
  const std::vector<double> radii{1};
  EXPECT_TRUE(contains(message_of(ErrorCode::kShape,
                                  [&] {
                                    count_in_balls(centres.view(), radii, centres.view(),
                                                   Boundary::kOpen, 1);
                                  }),
                       "squared_radii holds 1 values"));
}

}  // namespace
}  // namespace ebm::metrics
