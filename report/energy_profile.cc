#include "report/energy_profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "base/number_text.h"
#include "report/canvas.h"
#include "report/image_grid.h"
#include "report/labelled_grid.h"

namespace ebm::report {
namespace {

constexpr std::int64_t kHeight = 260, kPointStep = 50, kMinStep = 48;
constexpr double kTop = 40, kBottom = 30, kSize = 13;
/// Of the paths, told apart by colour-blind people. Source: Okabe & Ito 2008.
constexpr std::array<Colour, 3> kPathColours = {{{0.0, 115 / 255.0, 179 / 255.0},
                                                 {214 / 255.0, 94 / 255.0, 0.0},
                                                 {0.0, 158 / 255.0, 115 / 255.0}}};

void require_paths(const std::vector<ShownPath>& paths, const data::ItemShape& shape) {
  const std::size_t n = paths.empty() ? 0 : paths[0].energies.size();
  if (n < 2 || n > 200 || paths.size() > kPathColours.size()) {
    throw Error(ErrorCode::kUsage, std::to_string(paths.size()) + " paths of " + std::to_string(n) +
                                       " states cannot be drawn: 1 to 3 paths of 2 to 200 can");
  }
  for (const ShownPath& path : paths) {
    if (path.energies.size() != n ||
        path.states.size() != n * static_cast<std::size_t>(shape.size())) {
      throw Error(ErrorCode::kShape, "path '" + path.name + "' has " +
                                         std::to_string(path.energies.size()) + " energies and " +
                                         std::to_string(path.states.size()) + " values");
    }
    if (!std::ranges::all_of(path.energies, [](float e) { return std::isfinite(e); })) {
      throw Error(ErrorCode::kBadData, "path '" + path.name + "' has an energy that is no number");
    }
  }
}

/// Round numbers from low to high, three or more.
std::vector<double> round_ticks(double low, double high) {
  double step = std::pow(10.0, std::floor(std::log10(high - low)));
  while ((high - low) / step < 3.0) step /= 2.0;  // 5, 2.5, 1.25 of a power of ten
  std::vector<double> ticks;
  for (double k = std::ceil(low / step); k * step <= high; ++k) ticks.push_back(k * step);
  return ticks;
}

/// The lines, state i at left + i·step.
PixelImage chart(const std::vector<ShownPath>& paths, std::int64_t width, double left,
                 double step) {
  double low = paths[0].energies[0], high = low;
  for (const ShownPath& path : paths) {
    for (const float energy : path.energies) {
      low = std::min(low, double{energy});
      high = std::max(high, double{energy});
    }
  }
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  const double bottom = static_cast<double>(kHeight) - kBottom;
  const auto place = [&](double energy) {
    return bottom - (energy - low) / (high - low) * (bottom - kTop);
  };
  const auto n = paths[0].energies.size();
  const auto x_of = [&](std::size_t i) { return left + static_cast<double>(i) * step; };
  Canvas canvas(width, kHeight);
  for (const double tick : round_ticks(low, high)) {
    canvas.colour(kFaint);
    canvas.line({0.0, static_cast<double>(width)}, {place(tick), place(tick)}, 0.7);
    canvas.colour(kInk);
    canvas.text(base::number_text(tick), 4, place(tick) - 3, 0.0, 1.0, kSize);
  }
  for (std::size_t i = 0; i < n; ++i) {
    canvas.text(std::to_string(i), x_of(i), bottom + 8, 0.5, 0.0, kSize);
  }
  double at = left;
  for (std::size_t k = 0; k < paths.size(); ++k) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(x_of(i));
      y.push_back(place(double{paths[k].energies[i]}));
    }
    canvas.colour(kPathColours[k]);
    canvas.line(x, y, 2.0);
    for (std::size_t i = 0; i < n; ++i) canvas.disc(x[i], y[i], 3.0);
    canvas.line({at, at + 24}, {14, 14}, 2.0);
    canvas.colour(kInk);
    canvas.text(paths[k].name, at + 30, 14, 0.0, 0.5, kSize);
    at += 50 + canvas.width_of(paths[k].name, kSize);
  }
  return canvas.image();
}

}  // namespace

PixelImage energy_profile(const std::vector<ShownPath>& paths, const data::ItemShape& shape,
                          bool is_image) {
  require_paths(paths, shape);
  const auto n = static_cast<std::int64_t>(paths[0].energies.size());
  if (!is_image) {
    const double step = static_cast<double>(kPointStep);
    return chart(paths, std::max<std::int64_t>(n * kPointStep, 400), step / 2, step);
  }
  std::vector<float> rows;
  std::vector<std::string> names;
  for (const ShownPath& path : paths) {
    rows.insert(rows.end(), path.states.begin(), path.states.end());
    names.push_back(path.name);
  }
  const GridOptions grid{
      .columns = n,
      .scale = std::max<std::int64_t>(1, (kMinStep + 2 * shape.width - 1) / shape.width)};
  PixelImage picture = labelled_grid(rows, shape, names, grid);
  const double step = static_cast<double>(shape.width * grid.scale + grid.gap);
  // The names of the paths stand at the left of their images.
  const double first = static_cast<double>(picture.width) - static_cast<double>(n) * step;
  const double middle = first + 0.5 * (step - static_cast<double>(grid.gap));
  const PixelImage lines = chart(paths, picture.width, middle, step);
  picture.pixels.insert(picture.pixels.end(), lines.pixels.begin(), lines.pixels.end());
  picture.height += lines.height;
  return picture;
}

}  // namespace ebm::report
