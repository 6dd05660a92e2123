#include "report/image_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace ebm::report {
namespace {

constexpr std::int64_t kVisibleSide = 56;

std::string text_of(const data::ItemShape& shape) {
  return "(" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " +
         std::to_string(shape.width) + ")";
}

std::int64_t count_images(std::span<const float> values, const data::ItemShape& shape) {
  if ((shape.channels != 1 && shape.channels != 3) || shape.height < 1 || shape.width < 1) {
    throw Error(ErrorCode::kShape, "an image of shape " + text_of(shape) +
                                       " cannot be shown: 1 or 3 channels are needed, and no "
                                       "empty side");
  }
  const auto size = static_cast<std::int64_t>(values.size());
  if (size == 0 || size % shape.size() != 0) {
    throw Error(ErrorCode::kShape, std::to_string(size) + " values are not one or more images of " +
                                       "shape " + text_of(shape));
  }
  return size / shape.size();
}

std::uint8_t level_of(float value) {
  if (std::isnan(value)) throw Error(ErrorCode::kBadData, "an image to be shown contains NaN");
  return static_cast<std::uint8_t>(std::lround((std::clamp(value, -1.0f, 1.0f) + 1.0f) * 127.5f));
}

/// Draws one image with its upper left corner at (left, top).
void draw_tile(std::span<const float> values, const data::ItemShape& shape, std::int64_t scale,
               std::int64_t left, std::int64_t top, PixelImage& grid) {
  const std::int64_t channels = shape.channels;
  for (std::int64_t y = 0; y < shape.height; ++y) {
    for (std::int64_t x = 0; x < shape.width; ++x) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::uint8_t level =
            level_of(values[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)]);
        for (std::int64_t row = 0; row < scale; ++row) {
          const std::int64_t first = (top + y * scale + row) * grid.width + left + x * scale;
          for (std::int64_t column = 0; column < scale; ++column) {
            grid.pixels[static_cast<std::size_t>((first + column) * channels + c)] = level;
          }
        }
      }
    }
  }
}

}  // namespace

void GridOptions::validate() const {
  const auto require = [](std::int64_t value, const char* name) {
    if (value < 0) {
      throw Error(ErrorCode::kUsage, "grid " + std::string(name) + " = " + std::to_string(value) +
                                         ": it has to be 0 or more");
    }
  };
  require(columns, "columns");
  require(gap, "gap");
  require(scale, "scale");
}

PixelImage image_grid(std::span<const float> values, const data::ItemShape& shape,
                      const GridOptions& options) {
  options.validate();
  const std::int64_t n = count_images(values, shape);
  std::int64_t columns = std::max<std::int64_t>(1, options.columns);
  if (options.columns == 0) {
    while (columns * columns < n) ++columns;
  }
  const std::int64_t rows = (n + columns - 1) / columns;
  const std::int64_t longer_side = std::max(shape.height, shape.width);
  const std::int64_t scale =
      options.scale > 0 ? options.scale : (kVisibleSide + longer_side - 1) / longer_side;
  const std::int64_t step_x = shape.width * scale + options.gap;
  const std::int64_t step_y = shape.height * scale + options.gap;

  PixelImage grid{.width = columns * step_x + options.gap,
                  .height = rows * step_y + options.gap,
                  .channels = shape.channels};
  grid.pixels.assign(static_cast<std::size_t>(grid.width * grid.height * grid.channels),
                     options.background);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto item = values.subspan(static_cast<std::size_t>(i * shape.size()),
                                     static_cast<std::size_t>(shape.size()));
    draw_tile(item, shape, scale, options.gap + (i % columns) * step_x,
              options.gap + (i / columns) * step_y, grid);
  }
  return grid;
}

}  // namespace ebm::report
