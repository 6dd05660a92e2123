#include "report/page/curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ebm::report {
namespace {

using Indices = std::vector<std::size_t>;

TEST(CurveTest, FewPointsAreAllKeptButThoseThatAreNotFinite) {
  const std::vector<std::int64_t> iterations{1, 2, 3, 4};
  const std::vector<double> values{0.5, std::nan(""), -INFINITY, 2};
  const Curve curve = make_curve(iterations, values, 10);
  EXPECT_EQ(curve.iterations, (std::vector<std::int64_t>{1, 4}));
  EXPECT_EQ(curve.values, (std::vector<double>{0.5, 2}));
}

TEST(CurveTest, OfManyPointsTheEndsAndEverySpikeStay) {
  std::vector<std::int64_t> iterations(10000);
  std::iota(iterations.begin(), iterations.end(), 1);
  std::vector<double> values(10000, 1.0);
  values[5001] = 100;
  values[7003] = -100;
  const Curve curve = make_curve(iterations, values, 50);
  EXPECT_LE(curve.values.size(), 52u);
  EXPECT_EQ(curve.iterations.front(), 1);
  EXPECT_EQ(curve.iterations.back(), 10000);
  EXPECT_TRUE(std::is_sorted(curve.iterations.begin(), curve.iterations.end()));
  for (const auto& [iteration, value] : {std::pair(5002, 100.0), std::pair(7004, -100.0)}) {
    const auto at = std::find(curve.iterations.begin(), curve.iterations.end(), iteration);
    ASSERT_NE(at, curve.iterations.end());
    EXPECT_EQ(curve.values[static_cast<std::size_t>(at - curve.iterations.begin())], value);
  }
}

TEST(EvenlyChosenTest, FirstAndLastAreIncludedAndNoneTwice) {
  EXPECT_EQ(evenly_chosen(0, 5), Indices{});
  EXPECT_EQ(evenly_chosen(3, 0), Indices{});
  EXPECT_EQ(evenly_chosen(9, 1), Indices{8});
  EXPECT_EQ(evenly_chosen(1, 4), Indices{0});
  EXPECT_EQ(evenly_chosen(3, 7), (Indices{0, 1, 2}));
  EXPECT_EQ(evenly_chosen(9, 3), (Indices{0, 4, 8}));
  EXPECT_EQ(evenly_chosen(10, 4), (Indices{0, 3, 6, 9}));
}

}  // namespace
}  // namespace ebm::report
