#include "gan/phase_portrait.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::gan {
namespace {

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk{0.13, 0.13, 0.13}, kFaint{0.78, 0.78, 0.78}, kArrow{0.62, 0.66, 0.72};
// Blue and vermilion, which colour-blind people tell apart.
constexpr Colour kTheta{0.0, 115 / 255.0, 179 / 255.0}, kPhi{214 / 255.0, 94 / 255.0, 0.0};

/// A picture whose plane [−reach, reach]² fills all but a margin.
class Canvas {
 public:
  Canvas(std::int64_t side, double reach)
      : side_(static_cast<double>(side)),
        reach_(reach),
        surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(side),
                                            static_cast<int>(side)),
                 cairo_surface_destroy),
        cairo_(cairo_create(surface_.get()), cairo_destroy) {
    cairo_set_source_rgb(cairo_.get(), 1.0, 1.0, 1.0);
    cairo_paint(cairo_.get());
    cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
    cairo_select_font_face(cairo_.get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
  }

  double x(double value) const { return side_ / 2 + value * scale(); }
  double y(double value) const { return side_ / 2 - value * scale(); }
  double unit() const { return side_ / 800.0; }

  void colour(const Colour& c) { cairo_set_source_rgb(cairo_.get(), c.red, c.green, c.blue); }

  /// A line through points of the plane.
  void line(const std::vector<double>& xs, const std::vector<double>& ys, double width) {
    for (std::size_t i = 0; i < xs.size(); ++i) {
      (i == 0 ? cairo_move_to : cairo_line_to)(cairo_.get(), x(xs[i]), y(ys[i]));
    }
    cairo_set_line_width(cairo_.get(), width * unit());
    cairo_stroke(cairo_.get());
  }

  void disc(double at_x, double at_y, bool filled) {
    cairo_arc(cairo_.get(), x(at_x), y(at_y), 6.0 * unit(), 0.0, 2.0 * std::numbers::pi);
    cairo_set_line_width(cairo_.get(), 2.0 * unit());
    filled ? cairo_fill(cairo_.get()) : cairo_stroke(cairo_.get());
  }

  /// Text whose anchor, 0 to 1 from its left and 1 to 0 from its top, lies at a pixel.
  void text(const std::string& label, double px, double py, double anchor_x, double anchor_y,
            double size) {
    cairo_set_font_size(cairo_.get(), size * unit());
    cairo_text_extents_t extents;
    cairo_text_extents(cairo_.get(), label.c_str(), &extents);
    cairo_move_to(cairo_.get(), px - anchor_x * extents.width - extents.x_bearing,
                  py - anchor_y * extents.height - extents.y_bearing);
    cairo_show_text(cairo_.get(), label.c_str());
  }

  report::PixelImage image() {
    cairo_surface_flush(surface_.get());
    if (cairo_status(cairo_.get()) != CAIRO_STATUS_SUCCESS) {
      throw Error(ErrorCode::kInternal, std::string("the picture could not be drawn: ") +
                                            cairo_status_to_string(cairo_status(cairo_.get())));
    }
    const auto side = static_cast<std::int64_t>(side_);
    report::PixelImage image{.width = side, .height = side, .channels = 3};
    const unsigned char* bytes = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    for (std::int64_t row = 0; row < side; ++row) {
      const auto* pixels = reinterpret_cast<const std::uint32_t*>(bytes + row * stride);
      for (std::int64_t column = 0; column < side; ++column) {
        for (const int shift : {16, 8, 0}) {
          image.pixels.push_back(static_cast<std::uint8_t>(pixels[column] >> shift));
        }
      }
    }
    return image;
  }

 private:
  double scale() const { return 0.42 * side_ / reach_; }

  double side_, reach_;
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo_;
};

/// 1, 2 or 5 times a power of ten: the largest that is at most `value`.
double round_down(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= value) return factor * power;
  }
  return power;
}

void draw_axes(Canvas& canvas, double reach) {
  canvas.colour(kFaint);
  canvas.line({-reach, reach}, {0.0, 0.0}, 1.0);
  canvas.line({0.0, 0.0}, {-reach, reach}, 1.0);
  canvas.line({-reach, reach, reach, -reach, -reach}, {-reach, -reach, reach, reach, -reach}, 1.0);
  const double tick = round_down(reach / 2.0);
  for (int i = -4; i <= 4; ++i) {
    const double value = i * tick;
    if (std::abs(value) > reach * 1.0001) continue;
    canvas.colour(kFaint);
    canvas.line({value, value}, {-reach, -reach * 0.98}, 1.0);
    canvas.line({-reach, -reach * 0.98}, {value, value}, 1.0);
    canvas.colour(kInk);
    const std::string label = base::number_text(value);
    canvas.text(label, canvas.x(value), canvas.y(-reach) + 8 * canvas.unit(), 0.5, 0.0, 15.0);
    canvas.text(label, canvas.x(-reach) - 8 * canvas.unit(), canvas.y(value), 1.0, 0.5, 15.0);
  }
}

/// Arrows of one length: which way the rates point.
void draw_field(Canvas& canvas, const DiracSystem& system, double reach) {
  constexpr int kArrows = 10;
  const double spacing = reach / kArrows, length = 0.6 * spacing;
  canvas.colour(kArrow);
  for (int i = 1 - kArrows; i < kArrows; ++i) {
    for (int j = 1 - kArrows; j < kArrows; ++j) {
      const double state[2] = {j * spacing, i * spacing};  // φ upwards, θ to the right
      double rates[2];
      system.rates(state, rates);
      const double norm = std::hypot(rates[0], rates[1]);
      if (!(norm > 0.0) || !std::isfinite(norm)) continue;
      const double dx = length * rates[1] / norm, dy = length * rates[0] / norm;
      const double tip_x = state[1] + dx / 2, tip_y = state[0] + dy / 2;
      canvas.line({tip_x - dx, tip_x}, {tip_y - dy, tip_y}, 1.2);
      canvas.line({tip_x - 0.3 * dx - 0.18 * dy, tip_x, tip_x - 0.3 * dx + 0.18 * dy},
                  {tip_y - 0.3 * dy + 0.18 * dx, tip_y, tip_y - 0.3 * dy - 0.18 * dx}, 1.2);
    }
  }
}

/// A path in the plane and its name.
struct Trace {
  std::string name;
  Colour colour;
  std::vector<double> x, y;
};

Trace trace_of(const DiracPath& path, std::string name, const Colour& colour, std::size_t x,
               std::size_t y) {
  Trace trace{.name = std::move(name), .colour = colour, .x = {}, .y = {}};
  for (const auto& state : path.states) {
    trace.x.push_back(state[x]);
    trace.y.push_back(state[y]);
  }
  return trace;
}

}  // namespace

report::PixelImage phase_portrait(const DiracSystem& system, const DiracPath& path,
                                  const std::string& title, std::int64_t side) {
  if (side < 100 || side > 10000) {
    throw Error(ErrorCode::kUsage,
                "side = " + std::to_string(side) + ": must be from 100 to 10000");
  }
  const std::size_t dim = path.states.front().size() / 2;
  std::vector<Trace> traces;
  if (dim == 1) {
    traces.push_back(trace_of(path, "path", kTheta, 1, 0));
  } else {
    traces.push_back(trace_of(path, "θ", kTheta, dim, dim + 1));
    traces.push_back(trace_of(path, "φ", kPhi, 0, 1));
  }
  double reach = 0.0;
  for (const Trace& trace : traces) {
    for (const double value : trace.x) reach = std::max(reach, std::abs(value));
    for (const double value : trace.y) reach = std::max(reach, std::abs(value));
  }
  reach = reach > 0.0 ? reach * 1.1 : 1.0;

  Canvas canvas(side, reach);
  if (dim == 1) draw_field(canvas, system, reach);
  draw_axes(canvas, reach);
  canvas.colour(kInk);
  const double unit = canvas.unit();
  canvas.text(title, canvas.x(0.0), 32 * unit, 0.5, 0.5, 20.0);
  canvas.text(dim == 1 ? "θ" : "first coordinate", canvas.x(reach), canvas.y(-reach) + 36 * unit,
              1.0, 0.5, 18.0);
  canvas.text(dim == 1 ? "φ" : "second coordinate", canvas.x(-reach), canvas.y(reach) - 6 * unit,
              0.0, 1.0, 18.0);
  double legend = canvas.x(-reach);
  for (const Trace& trace : traces) {
    canvas.colour(trace.colour);
    canvas.line(trace.x, trace.y, 1.8);
    canvas.disc(trace.x.front(), trace.y.front(), false);
    canvas.disc(trace.x.back(), trace.y.back(), true);
    canvas.text(trace.name, legend, canvas.y(-reach) + 36 * unit, 0.0, 0.5, 18.0);
    legend += 60 * unit;
  }
  return canvas.image();
}

}  // namespace ebm::gan
