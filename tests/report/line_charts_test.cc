#include "report/line_charts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

using ChartPixel = std::vector<std::uint8_t>;

const ChartPixel kBlue{0, 115, 179}, kVermilion{214, 94, 0};

/// The colour of a pixel; outside of the picture none.
ChartPixel chart_pixel(const PixelImage& image, double x, double y) {
  const auto column = static_cast<std::int64_t>(x), row = static_cast<std::int64_t>(y);
  const auto* at = image.pixels.data() + (row * image.width + column) * 3;
  return {at[0], at[1], at[2]};
}

/// Where a value lies on a logarithmic axis whose ends are 6 % beyond the values.
double place(double value, double low, double high, double from, double to) {
  const double share = std::log(value / low) / std::log(high / low);
  return from + (share + 0.06) / 1.12 * (to - from);
}

double x_of(double value, double low, double high, double left = 0) {
  return place(value, low, high, left + ChartFrame::kLeft,
               left + ChartFrame::kWidth - ChartFrame::kRight);
}

double y_of(double value, double low, double high) {
  return place(value, low, high, ChartFrame::kHeight - ChartFrame::kBottom, ChartFrame::kTop);
}

TEST(LineChartsTest, PointsLieAtTheLogarithmsOfTheirValues) {
  const std::vector<LineChart> charts{
      {"threads", "rate", {{"one", {1, 4, 8}, {100, 200, 800}}, {"other", {1, 8}, {150, 160}}}},
      {"chains", "rate", {{"third", {16, 64}, {5, 10}}}}};
  const PixelImage image = line_charts("two charts", charts);
  EXPECT_EQ(image.width, static_cast<std::int64_t>(2 * ChartFrame::kWidth));
  for (const auto& [x, y] : {std::pair{1.0, 100.0}, {4.0, 200.0}, {8.0, 800.0}}) {
    EXPECT_EQ(chart_pixel(image, x_of(x, 1, 8), y_of(y, 100, 800)), kBlue) << x;
  }
  // Half of the way from (4, 200) to (8, 800): at their geometric means.
  EXPECT_EQ(chart_pixel(image, x_of(std::sqrt(32.0), 1, 8), y_of(400, 100, 800)), kBlue);
  EXPECT_EQ(chart_pixel(image, x_of(8, 1, 8), y_of(160, 100, 800)), kVermilion);
  EXPECT_EQ(chart_pixel(image, x_of(64, 16, 64, ChartFrame::kWidth), y_of(10, 5, 10)), kBlue);
  // The legend's strokes.
  EXPECT_EQ(chart_pixel(image, ChartFrame::kLeft + 10, ChartFrame::kHeight + 11), kBlue);
  EXPECT_EQ(chart_pixel(image, ChartFrame::kLeft + 10, ChartFrame::kHeight + 33), kVermilion);
  // And that of the faint lines, after those of each chart.
  const auto is_faint = [&](double x, double y) {
    const auto pixel = chart_pixel(image, x, y);
    return pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[0] > 180 && pixel[0] < 230;
  };
  EXPECT_TRUE(is_faint(ChartFrame::kLeft + 10, ChartFrame::kHeight + 55));
  EXPECT_TRUE(is_faint(ChartFrame::kWidth + ChartFrame::kLeft + 10, ChartFrame::kHeight + 33));
  EXPECT_EQ(image.height, static_cast<std::int64_t>(ChartFrame::kHeight) + 3 * 22 + 12);
}

TEST(LineChartsTest, NoTwoLinesLookAlike) {
  const std::vector<LineChart> charts{
      {"x", "y", std::vector<ChartLine>(100, {"a", {1, 2}, {1, 2}})}};
  const PixelImage image = line_charts("", charts);
  std::set<std::vector<std::uint8_t>> strokes;
  for (int i = 0; i < 100; ++i) {
    const auto top = static_cast<std::int64_t>(ChartFrame::kHeight + i * ChartFrame::kLegendLine);
    std::vector<std::uint8_t> stroke;
    for (std::int64_t row = top; row < top + 22; ++row) {
      const auto* at = image.pixels.data() + (row * image.width + 90) * 3;
      stroke.insert(stroke.end(), at, at + 28 * 3);
    }
    strokes.insert(stroke);
  }
  EXPECT_EQ(strokes.size(), 100u);
}

TEST(LineChartsTest, RefusesWhatCannotBeDrawn) {
  const auto code_of = [](const std::vector<LineChart>& charts) {
    try {
      line_charts("", charts);
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of({}), ErrorCode::kUsage);
  EXPECT_EQ(code_of({{"x", "y", std::vector<ChartLine>(101, {"a", {1, 2}, {1, 2}})}}),
            ErrorCode::kUsage);
  EXPECT_EQ(code_of({{"x", "y", {{"a", {1, 2}, {1}}}}}), ErrorCode::kShape);
  EXPECT_EQ(code_of({{"x", "y", {{"a", {}, {}}}}}), ErrorCode::kShape);
  for (const double wrong : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(code_of({{"x", "y", {{"a", {1, 2}, {1, wrong}}}}}), ErrorCode::kBadData) << wrong;
  }
}

}  // namespace
}  // namespace ebm::report
