#include "report/canvas.h"

#include <cairo.h>

#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/error.h"

namespace ebm::report {

struct Canvas::Drawing {
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface;
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo;
};

Canvas::Canvas(std::int64_t width, std::int64_t height) : width_(width), height_(height) {
  for (const std::int64_t side : {width, height}) {
    if (side < 100 || side > 10000) {
      throw Error(ErrorCode::kUsage,
                  "side = " + std::to_string(side) + ": must be from 100 to 10000");
    }
  }
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                                        static_cast<int>(height));
  drawing_ = std::make_unique<Drawing>(
      Drawing{{surface, cairo_surface_destroy}, {cairo_create(surface), cairo_destroy}});
  cairo_t* cairo = drawing_->cairo.get();
  cairo_set_source_rgb(cairo, 1.0, 1.0, 1.0);
  cairo_paint(cairo);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

Canvas::~Canvas() = default;

void Canvas::colour(const Colour& colour) {
  cairo_set_source_rgb(drawing_->cairo.get(), colour.red, colour.green, colour.blue);
}

void Canvas::line(const std::vector<double>& x, const std::vector<double>& y, double width) {
  cairo_t* cairo = drawing_->cairo.get();
  for (std::size_t i = 0; i < x.size(); ++i) {
    (i == 0 ? cairo_move_to : cairo_line_to)(cairo, x[i], y[i]);
  }
  cairo_set_line_width(cairo, width);
  cairo_stroke(cairo);
}

void Canvas::dashes(const std::vector<double>& lengths) {
  cairo_set_dash(drawing_->cairo.get(), lengths.data(), static_cast<int>(lengths.size()), 0.0);
}

void Canvas::polygon(int n_corners, double turn, double x, double y, double radius) {
  cairo_t* cairo = drawing_->cairo.get();
  for (int i = 0; i < n_corners; ++i) {
    const double angle = 2.0 * std::numbers::pi * (turn + static_cast<double>(i) / n_corners);
    (i == 0 ? cairo_move_to : cairo_line_to)(cairo, x + radius * std::sin(angle),
                                             y - radius * std::cos(angle));
  }
  cairo_close_path(cairo);
  cairo_fill(cairo);
}

void Canvas::disc(double x, double y, double radius) {
  cairo_arc(drawing_->cairo.get(), x, y, radius, 0.0, 2.0 * std::numbers::pi);
  cairo_fill(drawing_->cairo.get());
}

void Canvas::circle(double x, double y, double radius, double width) {
  cairo_arc(drawing_->cairo.get(), x, y, radius, 0.0, 2.0 * std::numbers::pi);
  cairo_set_line_width(drawing_->cairo.get(), width);
  cairo_stroke(drawing_->cairo.get());
}

void Canvas::text(const std::string& label, double x, double y, double anchor_x, double anchor_y,
                  double size) {
  cairo_t* cairo = drawing_->cairo.get();
  cairo_set_font_size(cairo, size);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo, label.c_str(), &extents);
  cairo_move_to(cairo, x - anchor_x * extents.width - extents.x_bearing,
                y - anchor_y * extents.height - extents.y_bearing);
  cairo_show_text(cairo, label.c_str());
}

double Canvas::width_of(const std::string& label, double size) {
  cairo_set_font_size(drawing_->cairo.get(), size);
  cairo_text_extents_t extents;
  cairo_text_extents(drawing_->cairo.get(), label.c_str(), &extents);
  return extents.width;
}

PixelImage Canvas::image() {
  cairo_t* cairo = drawing_->cairo.get();
  cairo_surface_flush(drawing_->surface.get());
  if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
    throw Error(ErrorCode::kInternal, std::string("the picture could not be drawn: ") +
                                          cairo_status_to_string(cairo_status(cairo)));
  }
  PixelImage image{.width = width_, .height = height_, .channels = 3};
  const unsigned char* bytes = cairo_image_surface_get_data(drawing_->surface.get());
  const int stride = cairo_image_surface_get_stride(drawing_->surface.get());
  for (std::int64_t row = 0; row < height_; ++row) {
    const auto* pixels = reinterpret_cast<const std::uint32_t*>(bytes + row * stride);
    for (std::int64_t column = 0; column < width_; ++column) {
      for (const int shift : {16, 8, 0}) {
        image.pixels.push_back(static_cast<std::uint8_t>(pixels[column] >> shift));
      }
    }
  }
  return image;
}

}  // namespace ebm::report
