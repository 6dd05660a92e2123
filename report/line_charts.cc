#include "report/line_charts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "base/number_text.h"
#include "report/canvas.h"

namespace ebm::report {
namespace {

/// More, nobody tells apart. There are 112 pairs of a colour and a mark or stroke.
constexpr std::size_t kMaxLines = 100;

/// Colours that colour-blind people tell apart. Source: Okabe & Ito 2008, without yellow, which is
/// faint on white.
constexpr std::array<Colour, 7> kColours = {{{0.0, 115 / 255.0, 179 / 255.0},
                                             {214 / 255.0, 94 / 255.0, 0.0},
                                             {0.0, 158 / 255.0, 115 / 255.0},
                                             {204 / 255.0, 121 / 255.0, 167 / 255.0},
                                             {230 / 255.0, 159 / 255.0, 0.0},
                                             {86 / 255.0, 180 / 255.0, 233 / 255.0},
                                             {0.13, 0.13, 0.13}}};

Colour colour_of(std::size_t line) { return kColours[line % kColours.size()]; }

/// Lines of one colour differ by the marks of their points and, further on, by their strokes.
constexpr std::size_t kMarks = 4;
const std::vector<std::vector<double>> kDashes = {{}, {8, 4}, {2, 3}, {9, 3, 2, 3}};

/// A mark of about the area of a disc.
void draw_mark(Canvas& canvas, std::size_t line, double x, double y) {
  switch (line / kColours.size() % kMarks) {
    case 0:
      return canvas.disc(x, y, 4.5);
    case 1:
      return canvas.polygon(4, 0.125, x, y, 5.8);
    case 2:
      return canvas.polygon(3, 0.0, x, y, 6.5);
    default:
      return canvas.polygon(4, 0.0, x, y, 6.5);
  }
}

void draw_stroke(Canvas& canvas, std::size_t line, const std::vector<double>& x,
                 const std::vector<double>& y) {
  canvas.dashes(kDashes[line / kColours.size() / kMarks % kDashes.size()]);
  canvas.line(x, y, 2.2);
  canvas.dashes({});
}

/// Values along one axis, from pixel to pixel.
class LogAxis {
 public:
  LogAxis(double low, double high, double from, double to) : from_(from), to_(to) {
    // A single value lies in the middle.
    if (low == high) {
      low /= 2;
      high *= 2;
    }
    const double margin = 0.06 * std::log(high / low);
    low_ = std::log(low) - margin;
    high_ = std::log(high) + margin;
  }
  double place(double value) const {
    return from_ + (std::log(value) - low_) / (high_ - low_) * (to_ - from_);
  }
  bool has(double value) const { return std::log(value) >= low_ && std::log(value) <= high_; }
  /// 1, 2 and 5 times the powers of ten that lie on it.
  std::vector<double> ticks() const {
    std::vector<double> all;
    for (double power = std::pow(10.0, std::floor(low_ / std::log(10.0))); std::log(power) <= high_;
         power *= 10) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        if (has(factor * power)) all.push_back(factor * power);
      }
    }
    return all;
  }

 private:
  double from_, to_, low_, high_;
};

void require_drawable(const LineChart& chart) {
  for (const ChartLine& line : chart.lines) {
    if (line.x.empty() || line.x.size() != line.y.size()) {
      throw Error(ErrorCode::kShape, "a line of a chart has " + std::to_string(line.x.size()) +
                                         " x and " + std::to_string(line.y.size()) +
                                         " y: it needs a pair or more");
    }
    for (const auto* values : {&line.x, &line.y}) {
      for (const double value : *values) {
        if (value > 0.0 && std::isfinite(value)) continue;
        throw Error(ErrorCode::kBadData, "a chart with logarithmic axes has the value " +
                                             base::number_text(value) +
                                             ": it has to be positive and finite");
      }
    }
  }
}

LogAxis axis_of(const LineChart& chart, std::vector<double> ChartLine::*values, double from,
                double to) {
  const std::vector<double>& first = chart.lines.front().*values;
  double low = first.front(), high = low;
  for (const ChartLine& line : chart.lines) {
    for (const double value : line.*values) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return {low, high, from, to};
}

/// Where lines have points: what people chose to measure.
std::vector<double> measured_x(const LineChart& chart) {
  std::vector<double> all;
  for (const ChartLine& line : chart.lines) all.insert(all.end(), line.x.begin(), line.x.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void draw_chart(Canvas& canvas, const LineChart& chart, double left) {
  using Frame = ChartFrame;
  const double x0 = left + Frame::kLeft, x1 = left + Frame::kWidth - Frame::kRight;
  const double y0 = Frame::kHeight - Frame::kBottom, y1 = Frame::kTop;
  const LogAxis x = axis_of(chart, &ChartLine::x, x0, x1);
  const LogAxis y = axis_of(chart, &ChartLine::y, y0, y1);
  canvas.colour(kFaint);
  for (const double tick : y.ticks()) canvas.line({x0, x1}, {y.place(tick), y.place(tick)}, 0.7);
  for (const double tick : measured_x(chart)) {
    canvas.line({x.place(tick), x.place(tick)}, {y0, y1}, 0.7);
  }
  canvas.line({x0, x1, x1, x0, x0}, {y0, y0, y1, y1, y0}, 1.0);
  canvas.colour(kInk);
  for (const double tick : y.ticks()) {
    canvas.text(base::number_text(tick), x0 - 8, y.place(tick), 1.0, 0.5, 14);
  }
  double last_end = 0.0;
  for (const double tick : measured_x(chart)) {
    const std::string label = base::number_text(tick);
    const double half = 0.5 * canvas.width_of(label, 14);
    if (x.place(tick) - half < last_end + 4) continue;
    canvas.text(label, x.place(tick), y0 + 8, 0.5, 0.0, 14);
    last_end = x.place(tick) + half;
  }
  canvas.text(chart.x_name, 0.5 * (x0 + x1), y0 + 36, 0.5, 0.0, 16);
  canvas.text(chart.y_name, x0, y1 - 10, 0.0, 1.0, 16);
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const ChartLine& line = chart.lines[i];
    std::vector<double> px, py;
    for (const double value : line.x) px.push_back(x.place(value));
    for (const double value : line.y) py.push_back(y.place(value));
    // What grows as x does, from the first point on, as far as the frame goes.
    const double slope = line.y.front() / line.x.front();
    double end = line.x.back();
    while (end > line.x.front() && !y.has(slope * end)) end *= 0.99;
    canvas.colour(kFaint);
    canvas.line({px.front(), x.place(end)}, {py.front(), y.place(slope * end)}, 1.2);
    canvas.colour(colour_of(i));
    draw_stroke(canvas, i, px, py);
    for (std::size_t k = 0; k < px.size(); ++k) draw_mark(canvas, i, px[k], py[k]);
    const double row = Frame::kHeight + (static_cast<double>(i) + 0.5) * Frame::kLegendLine;
    draw_stroke(canvas, i, {x0, x0 + 28}, {row, row});
    draw_mark(canvas, i, x0 + 14, row);
    canvas.colour(kInk);
    canvas.text(line.name, x0 + 36, row, 0.0, 0.5, 14);
  }
  const double row =
      Frame::kHeight + (static_cast<double>(chart.lines.size()) + 0.5) * Frame::kLegendLine;
  canvas.colour(kFaint);
  canvas.line({x0, x0 + 28}, {row, row}, 1.2);
  canvas.colour(kInk);
  canvas.text("in proportion to " + chart.x_name, x0 + 36, row, 0.0, 0.5, 14);
}

}  // namespace

PixelImage line_charts(const std::string& title, const std::vector<LineChart>& charts) {
  std::size_t most_lines = 0;
  for (const LineChart& chart : charts) {
    require_drawable(chart);
    most_lines = std::max(most_lines, chart.lines.size());
  }
  if (most_lines == 0) throw Error(ErrorCode::kUsage, "there is nothing to draw");
  if (most_lines > kMaxLines) {
    throw Error(ErrorCode::kUsage, "plot: " + std::to_string(most_lines) +
                                       " lines are too many for a picture; at most " +
                                       std::to_string(kMaxLines) + " can be drawn");
  }
  const auto height = static_cast<std::int64_t>(
      ChartFrame::kHeight + static_cast<double>(most_lines + 1) * ChartFrame::kLegendLine + 12);
  Canvas canvas(static_cast<std::int64_t>(ChartFrame::kWidth * static_cast<double>(charts.size())),
                height);
  canvas.colour(kInk);
  canvas.text(title, 20, 20, 0.0, 0.5, 17);
  for (std::size_t i = 0; i < charts.size(); ++i) {
    draw_chart(canvas, charts[i], static_cast<double>(i) * ChartFrame::kWidth);
  }
  return canvas.image();
}

}  // namespace ebm::report
