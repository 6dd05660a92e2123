#pragma once

#include <cstdint>
#include <span>

#include "data/dataset.h"
#include "report/png.h"

namespace ebm::report {

struct GridOptions {
  std::int64_t columns = 0;      ///< 0: as many as make the grid nearly square
  std::int64_t gap = 2;          ///< pixels between tiles and around them
  std::int64_t scale = 0;        ///< every pixel becomes scale x scale; 0: the smallest with which
                                 ///< the longer side of a tile has at least 56 pixels
  std::uint8_t background = 64;  ///< grey level of the gaps and of places without a tile

  /// @throws Error(kUsage) if a number is negative.
  void validate() const;
};

/// The images side by side, row by row. A value v becomes the level round((v + 1)·127.5); what lies
/// outside [−1, 1], as samples of a chain may, is shown as the nearest bound.
/// @param values  [n, channels, height, width] in C order, n >= 1
/// @param shape   of one image; 1 channel gives a grey picture, 3 an RGB one
/// @throws        Error(kShape) if `values` is not whole images or the channels are neither 1 nor
///                3, Error(kBadData) if a value is NaN.
PixelImage image_grid(std::span<const float> values, const data::ItemShape& shape,
                      const GridOptions& options = {});

}  // namespace ebm::report
