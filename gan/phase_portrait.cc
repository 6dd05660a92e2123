#include "gan/phase_portrait.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/number_text.h"
#include "report/canvas.h"

namespace ebm::gan {
namespace {

using report::Colour;
constexpr Colour kArrow{0.62, 0.66, 0.72};
// Blue and vermilion, which colour-blind people tell apart.
constexpr Colour kTheta{0.0, 115 / 255.0, 179 / 255.0}, kPhi{214 / 255.0, 94 / 255.0, 0.0};

/// A picture whose plane [−reach, reach]² fills all but a margin.
class Plane {
 public:
  Plane(std::int64_t side, double reach)
      : canvas(side, side), side_(static_cast<double>(side)), reach_(reach) {}

  double x(double value) const { return side_ / 2 + value * scale(); }
  double y(double value) const { return side_ / 2 - value * scale(); }
  double unit() const { return side_ / 800.0; }

  /// A line through points of the plane.
  void line(const std::vector<double>& xs, const std::vector<double>& ys, double width) {
    std::vector<double> px, py;
    for (const double value : xs) px.push_back(x(value));
    for (const double value : ys) py.push_back(y(value));
    canvas.line(px, py, width * unit());
  }
  void text(const std::string& label, double px, double py, double anchor_x, double anchor_y,
            double size) {
    canvas.text(label, px, py, anchor_x, anchor_y, size * unit());
  }

  report::Canvas canvas;

 private:
  double scale() const { return 0.42 * side_ / reach_; }

  double side_, reach_;
};

/// 1, 2 or 5 times a power of ten: the largest that is at most `value`.
double round_down(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= value) return factor * power;
  }
  return power;
}

void draw_axes(Plane& plane, double reach) {
  plane.canvas.colour(report::kFaint);
  plane.line({-reach, reach}, {0.0, 0.0}, 1.0);
  plane.line({0.0, 0.0}, {-reach, reach}, 1.0);
  plane.line({-reach, reach, reach, -reach, -reach}, {-reach, -reach, reach, reach, -reach}, 1.0);
  const double tick = round_down(reach / 2.0);
  for (int i = -4; i <= 4; ++i) {
    const double value = i * tick;
    if (std::abs(value) > reach * 1.0001) continue;
    plane.canvas.colour(report::kFaint);
    plane.line({value, value}, {-reach, -reach * 0.98}, 1.0);
    plane.line({-reach, -reach * 0.98}, {value, value}, 1.0);
    plane.canvas.colour(report::kInk);
    const std::string label = base::number_text(value);
    plane.text(label, plane.x(value), plane.y(-reach) + 8 * plane.unit(), 0.5, 0.0, 15.0);
    plane.text(label, plane.x(-reach) - 8 * plane.unit(), plane.y(value), 1.0, 0.5, 15.0);
  }
}

/// Arrows of one length: which way the rates point.
void draw_field(Plane& plane, const DiracSystem& system, double reach) {
  constexpr int kArrows = 10;
  const double spacing = reach / kArrows, length = 0.6 * spacing;
  plane.canvas.colour(kArrow);
  for (int i = 1 - kArrows; i < kArrows; ++i) {
    for (int j = 1 - kArrows; j < kArrows; ++j) {
      const double state[2] = {j * spacing, i * spacing};  // φ upwards, θ to the right
      double rates[2];
      system.rates(state, rates);
      const double norm = std::hypot(rates[0], rates[1]);
      if (!(norm > 0.0) || !std::isfinite(norm)) continue;
      const double dx = length * rates[1] / norm, dy = length * rates[0] / norm;
      const double tip_x = state[1] + dx / 2, tip_y = state[0] + dy / 2;
      plane.line({tip_x - dx, tip_x}, {tip_y - dy, tip_y}, 1.2);
      plane.line({tip_x - 0.3 * dx - 0.18 * dy, tip_x, tip_x - 0.3 * dx + 0.18 * dy},
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

  Plane plane(side, reach);
  if (dim == 1) draw_field(plane, system, reach);
  draw_axes(plane, reach);
  plane.canvas.colour(report::kInk);
  const double unit = plane.unit();
  plane.text(title, plane.x(0.0), 32 * unit, 0.5, 0.5, 20.0);
  plane.text(dim == 1 ? "θ" : "first coordinate", plane.x(reach), plane.y(-reach) + 36 * unit, 1.0,
             0.5, 18.0);
  plane.text(dim == 1 ? "φ" : "second coordinate", plane.x(-reach), plane.y(reach) - 6 * unit, 0.0,
             1.0, 18.0);
  double legend = plane.x(-reach);
  for (const Trace& trace : traces) {
    plane.canvas.colour(trace.colour);
    plane.line(trace.x, trace.y, 1.8);
    plane.canvas.circle(plane.x(trace.x.front()), plane.y(trace.y.front()), 6.0 * unit, 2.0 * unit);
    plane.canvas.disc(plane.x(trace.x.back()), plane.y(trace.y.back()), 6.0 * unit);
    plane.text(trace.name, legend, plane.y(-reach) + 36 * unit, 0.0, 0.5, 18.0);
    legend += 60 * unit;
  }
  return plane.canvas.image();
}

}  // namespace ebm::gan
