#pragma once

#include <string>
#include <vector>

#include "report/png.h"

namespace ebm::report {

/// Points joined by a line, from left to right.
struct ChartLine {
  std::string name;
  std::vector<double> x, y;  ///< positive and finite
};

/// Lines over one pair of axes, both logarithmic. A faint line leads from the first point of each
/// to where it would be if y grew as x does.
struct LineChart {
  std::string x_name, y_name;
  std::vector<ChartLine> lines;  ///< at least one, each with at least one point
};

/// Where the charts of a picture lie, in pixels.
struct ChartFrame {
  static constexpr double kWidth = 700, kHeight = 480;  ///< of a chart with its margins
  static constexpr double kLeft = 90, kRight = 20, kTop = 60, kBottom = 60;
  /// Each line of a chart has one below it, and so have the faint ones together, after them.
  static constexpr double kLegendLine = 22;
};

/// Charts side by side, each with its legend below it, as a picture.
/// @throws Error(kUsage) if there is nothing to draw, or more than fits; Error(kShape) if a line
///         has not as many x as y; Error(kBadData) for a value that is not positive and finite.
PixelImage line_charts(const std::string& title, const std::vector<LineChart>& charts);

}  // namespace ebm::report
