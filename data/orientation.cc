#include "data/orientation.h"

#include <cstddef>
#include <utility>

#include "base/require.h"

namespace ebm::data {

Image oriented(Image image, int orientation) {
  base::require_between("orientation", orientation, 1, 8);
  if (orientation == 1) return image;
  const std::int64_t height = image.shape.height, width = image.shape.width;
  const bool swaps = orientation >= 5;
  Image out{.shape = image.shape, .pixels = {}};
  if (swaps) std::swap(out.shape.height, out.shape.width);
  out.pixels.reserve(image.pixels.size());
  // Where the pixel (y, x) of the output is in the input: from the last row or column on, or with
  // rows for columns.
  const bool from_last_row =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_last_column =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  for (std::int64_t c = 0; c < image.shape.channels; ++c) {
    for (std::int64_t y = 0; y < out.shape.height; ++y) {
      for (std::int64_t x = 0; x < out.shape.width; ++x) {
        const std::int64_t row = swaps ? x : y, column = swaps ? y : x;
        const std::int64_t from_row = from_last_row ? height - 1 - row : row;
        const std::int64_t from_column = from_last_column ? width - 1 - column : column;
        out.pixels.push_back(
            image.pixels[static_cast<std::size_t>((c * height + from_row) * width + from_column)]);
      }
    }
  }
  return out;
}

}  // namespace ebm::data
