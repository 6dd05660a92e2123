#include "report/density_plot.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

void require_points(std::span<const float> points) {
  if (points.size() % 2 != 0) {
    throw Error(ErrorCode::kShape, std::to_string(points.size()) +
                                       " coordinates are not points of the plane: the number has "
                                       "to be even");
  }
  for (const float value : points) {
    if (!std::isfinite(value)) {
      throw Error(ErrorCode::kBadData, "a point to be shown has the coordinate " +
                                           std::to_string(value) + ": it has to be finite");
    }
  }
}

/// The same scale on both axes, so that circles stay circles.
PlotBounds bounds_around(std::span<const float> points) {
  if (points.empty()) return {};
  double low[2] = {points[0], points[1]}, high[2] = {points[0], points[1]};
  for (std::size_t i = 0; i < points.size(); ++i) {
    low[i % 2] = std::min<double>(low[i % 2], points[i]);
    high[i % 2] = std::max<double>(high[i % 2], points[i]);
  }
  double extent = std::max(high[0] - low[0], high[1] - low[1]);
  if (extent == 0) extent = 1;
  const double half = 0.55 * extent;
  const double x = 0.5 * (low[0] + high[0]), y = 0.5 * (low[1] + high[1]);
  return {.x_min = x - half, .x_max = x + half, .y_min = y - half, .y_max = y + half};
}

std::int64_t cell_side(std::size_t n_points, std::int64_t picture_side) {
  const double wanted_cells = std::sqrt(static_cast<double>(std::max<std::size_t>(n_points, 1)));
  std::int64_t side = 1;
  while (side < 16 && static_cast<double>(picture_side) / static_cast<double>(side) >
                          std::numbers::sqrt2 * wanted_cells) {
    side *= 2;
  }
  return side;
}

/// The cell of `value`, or −1 outside [low, high).
std::int64_t cell_of(double value, double low, double high, double n_pixels, std::int64_t cell) {
  const double position = (value - low) / (high - low) * n_pixels;
  if (!(position >= 0) || position >= n_pixels) return -1;
  return static_cast<std::int64_t>(position) / cell;
}

}  // namespace

void DensityOptions::validate() const {
  if (side < 1) {
    throw Error(ErrorCode::kUsage,
                "side = " + std::to_string(side) + " of a density plot: it has to be 1 or more");
  }
  if (!bounds) return;
  const double width = bounds->x_max - bounds->x_min, height = bounds->y_max - bounds->y_min;
  if (!(width > 0) || !(height > 0) || !std::isfinite(width) || !std::isfinite(height)) {
    throw Error(ErrorCode::kUsage, "bounds of a density plot of width " + std::to_string(width) +
                                       " and height " + std::to_string(height) +
                                       ": both have to be positive and finite");
  }
}

std::array<std::uint8_t, 3> cubehelix(double t) {
  constexpr double kStart = 0.5, kRotations = -1.5, kHue = 1.0;
  const double angle = 2 * std::numbers::pi * (kStart / 3 + 1 + kRotations * t);
  const double amplitude = kHue * t * (1 - t) / 2;
  const double c = amplitude * std::cos(angle), s = amplitude * std::sin(angle);
  const auto level = [](double value) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
  };
  return {level(t - 0.14861 * c + 1.78277 * s), level(t - 0.29227 * c - 0.90649 * s),
          level(t + 1.97294 * c)};
}

PixelImage density_plot(std::span<const float> points, const DensityOptions& options) {
  options.validate();
  require_points(points);
  const PlotBounds bounds = options.bounds ? *options.bounds : bounds_around(points);
  const std::int64_t side = options.side;
  const std::int64_t cell = cell_side(points.size() / 2, side);
  const std::int64_t n_cells = (side + cell - 1) / cell;

  std::vector<std::int64_t> counts(static_cast<std::size_t>(n_cells * n_cells), 0);
  const auto n_pixels = static_cast<double>(side);
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    const std::int64_t x = cell_of(points[i], bounds.x_min, bounds.x_max, n_pixels, cell);
    const std::int64_t y = cell_of(points[i + 1], bounds.y_min, bounds.y_max, n_pixels, cell);
    if (x >= 0 && y >= 0) ++counts[static_cast<std::size_t>(y * n_cells + x)];
  }
  const auto largest = static_cast<double>(std::max<std::int64_t>(1, std::ranges::max(counts)));

  PixelImage plot{.width = side, .height = side, .channels = 3};
  plot.pixels.reserve(static_cast<std::size_t>(side * side * 3));
  for (std::int64_t row = 0; row < side; ++row) {
    const std::int64_t y = (side - 1 - row) / cell;
    for (std::int64_t column = 0; column < side; ++column) {
      const auto count =
          static_cast<double>(counts[static_cast<std::size_t>(y * n_cells + column / cell)]);
      const auto colour = cubehelix(std::log1p(count) / std::log1p(largest));
      plot.pixels.insert(plot.pixels.end(), colour.begin(), colour.end());
    }
  }
  return plot;
}

}  // namespace ebm::report
