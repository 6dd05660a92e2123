#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "report/png.h"

namespace ebm::report {

/// The part of the plane that is shown.
struct PlotBounds {
  double x_min = -1;
  double x_max = 1;
  double y_min = -1;
  double y_max = 1;
};

struct DensityOptions {
  /// Points outside are not drawn. Without bounds: the square around all points with a margin of
  /// 5 % on each side.
  std::optional<PlotBounds> bounds = std::nullopt;
  std::int64_t side = 512;  ///< width and height of the picture in pixels

  /// @throws Error(kUsage) if bounds are empty or not finite, or the side is not positive.
  void validate() const;
};

/// Where points of the plane lie: an RGB picture of the histogram, y upwards, with the colour of a
/// cell cubehelix(log(1 + count) / log(1 + largest count)). The cells are squares of a power of two
/// of pixels, about √n a side, so that few points do not become single pixels.
/// @param points  [n, 2] in C order
/// @throws        Error(kShape) if a coordinate lacks its pair, Error(kBadData) if one is not
///                finite.
PixelImage density_plot(std::span<const float> points, const DensityOptions& options = {});

/// A colour for t in [0, 1] from black to white whose perceived brightness rises with t.
/// Source: Green 2011, "A colour scheme for the display of astronomical intensity images", with
/// start 0.5, −1.5 rotations, hue 1 and gamma 1.
std::array<std::uint8_t, 3> cubehelix(double t);

}  // namespace ebm::report
