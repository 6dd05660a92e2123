#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "report/png.h"

namespace ebm::report {

/// Red, green and blue, 0 to 1.
struct Colour {
  double red, green, blue;
};
inline constexpr Colour kInk{0.13, 0.13, 0.13}, kFaint{0.78, 0.78, 0.78};

/// A white picture of lines and text. Places are pixels from the upper left corner.
class Canvas {
 public:
  /// @throws Error(kUsage) unless both sides are from 100 to 10000 pixels.
  Canvas(std::int64_t width, std::int64_t height);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  /// Of what is drawn from now on.
  void colour(const Colour& colour);
  /// A line through points.
  void line(const std::vector<double>& x, const std::vector<double>& y, double width);
  /// The lengths of the strokes and gaps that lines are made of from now on; none: whole lines.
  void dashes(const std::vector<double>& lengths);
  void disc(double x, double y, double radius);
  /// A filled regular polygon.
  /// @param turn  of its first corner from above, in whole turns
  void polygon(int n_corners, double turn, double x, double y, double radius);
  void circle(double x, double y, double radius, double width);
  /// Text whose anchor lies at a place: 0 to 1 from its left, and from its top.
  void text(const std::string& label, double x, double y, double anchor_x, double anchor_y,
            double size);
  /// The width of a text.
  double width_of(const std::string& label, double size);

  /// What was drawn. @throws Error(kInternal) if that failed.
  PixelImage image();

 private:
  struct Drawing;
  std::int64_t width_, height_;
  std::unique_ptr<Drawing> drawing_;
};

}  // namespace ebm::report
