#include "report/scaling_plot.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "report/line_charts.h"

namespace ebm::report {
namespace {

TEST(ScalingPlotTest, IsTheChartsOfWhatWasSwept) {
  const std::vector<ScalingPoint> points{
      {"uva", 1, 16, 10}, {"uva", 2, 16, 19}, {"uva", 1, 64, 12}, {"uva", 2, 64, 23}};
  const LineChart threads{
      "threads",
      "chain-steps a second",
      {{"uva, 16 chains", {1, 2}, {10, 19}}, {"uva, 64 chains", {1, 2}, {12, 23}}}};
  const LineChart chains{
      "chains",
      "chain-steps a second",
      {{"uva, 1 thread", {16, 64}, {10, 12}}, {"uva, 2 threads", {16, 64}, {19, 23}}}};
  EXPECT_EQ(scaling_plot("t", points).pixels, line_charts("t", {threads, chains}).pixels);
  // A line needs two points, a chart a line.
  const std::vector<ScalingPoint> of_threads{points[1], points[0], {"mnistnet", 1, 16, 3}};
  const LineChart one{"threads", "chain-steps a second", {{"uva, 16 chains", {1, 2}, {10, 19}}}};
  EXPECT_EQ(scaling_plot("t", of_threads).pixels, line_charts("t", {one}).pixels);
  EXPECT_THROW(scaling_plot("t", {points[0]}), Error);
}

}  // namespace
}  // namespace ebm::report
