#include "report/labelled_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <sstream>

#include "base/error.h"
#include "base/quote.h"
#include "report/canvas.h"

namespace ebm::report {
namespace {

constexpr std::int64_t kColumns = 16, kMargin = 6, kStripHeight = 100;
constexpr double kTextSize = 15.0;
constexpr std::uint8_t kWhite = 255;

/// Of bytes that are not UTF-8, which cairo refuses, base::one_line() writes the numbers.
std::string shortened(const std::string& label) {
  constexpr std::size_t kMaxShown = 40;
  std::string shown = base::one_line(label);
  if (shown.size() <= kMaxShown) return shown;
  std::size_t end = kMaxShown - 3;
  // Not in the middle of a UTF-8 character.
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80) --end;
  return shown.substr(0, end) + "...";
}

/// As wide as the longest label, in whole pixels.
std::int64_t width_of(const std::vector<std::string>& labels) {
  Canvas canvas(100, kStripHeight);
  double widest = 0.0;
  for (const std::string& label : labels) {
    widest = std::max(widest, canvas.width_of(shortened(label), kTextSize));
  }
  return static_cast<std::int64_t>(std::ceil(widest)) + 2 * kMargin;
}

/// Copies `from` into `to`, its upper left corner at (left, top); a grey level into all channels.
/// What would lie outside is left out.
void paste(const PixelImage& from, std::int64_t first_row, std::int64_t width, std::int64_t height,
           std::int64_t left, std::int64_t top, PixelImage& to) {
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      const std::int64_t source = (first_row + row) * from.width + column;
      const std::int64_t target = (top + row) * to.width + left + column;
      for (std::int64_t channel = 0; channel < 3; ++channel) {
        to.pixels[static_cast<std::size_t>(3 * target + channel)] =
            from.pixels[static_cast<std::size_t>(from.channels * source +
                                                 (from.channels == 1 ? 0 : channel))];
      }
    }
  }
}

/// Draws a label at the right end of a strip, in the middle of its height.
void paste_label(const std::string& label, std::int64_t strip, std::int64_t top,
                 std::int64_t height, PixelImage& picture) {
  Canvas canvas(std::max<std::int64_t>(100, strip), kStripHeight);
  canvas.colour(kInk);
  canvas.text(shortened(label), static_cast<double>(strip - kMargin), 0.5 * kStripHeight, 1.0, 0.5,
              kTextSize);
  const PixelImage drawn = canvas.image();
  const std::int64_t shown = std::min(height, kStripHeight);
  paste(drawn, (kStripHeight - shown) / 2, strip, shown, 0, top + (height - shown) / 2, picture);
}

/// Of the heads: a line for each word, as large as fits into a column.
constexpr double kHeadSize = 13.0, kMinHeadSize = 7.0, kLineHeight = 1.25;

std::vector<std::string> words_of(const std::string& head) {
  std::istringstream text(shortened(head));
  return {std::istream_iterator<std::string>(text), std::istream_iterator<std::string>()};
}

/// The size with which every word is as wide as a column or less.
double head_size(const std::vector<std::string>& heads, std::int64_t width) {
  Canvas canvas(100, kStripHeight);
  double widest = 0.0;
  for (const std::string& head : heads) {
    for (const std::string& word : words_of(head)) {
      widest = std::max(widest, canvas.width_of(word, kHeadSize));
    }
  }
  const double fitting = kHeadSize * static_cast<double>(width) / std::max(widest, 1.0);
  return std::clamp(fitting, kMinHeadSize, kHeadSize);
}

/// Draws a head into the strip of `height` pixels above a column.
void paste_head(const std::string& head, double size, std::int64_t height, std::int64_t left,
                std::int64_t width, PixelImage& picture) {
  const std::int64_t room = std::clamp<std::int64_t>(width, 100, 10000);
  Canvas canvas(room, kStripHeight);
  canvas.colour(kInk);
  const std::vector<std::string> words = words_of(head);
  double y = 0.5 * static_cast<double>(height) -
             0.5 * kLineHeight * size * static_cast<double>(std::ssize(words) - 1);
  for (const std::string& word : words) {
    canvas.text(word, 0.5 * static_cast<double>(std::min(width, room)), y, 0.5, 0.5, size);
    y += kLineHeight * size;
  }
  paste(canvas.image(), 0, std::min(width, room), height, left, 0, picture);
}

}  // namespace

PixelImage headed_grid(std::span<const float> values, const data::ItemShape& shape,
                       const std::vector<std::string>& heads, GridOptions options) {
  const auto of_row = heads.size() * static_cast<std::size_t>(shape.size());
  if (of_row == 0 || values.empty() || values.size() % of_row != 0) {
    throw Error(ErrorCode::kShape, std::to_string(values.size()) + " values are no rows of " +
                                       std::to_string(heads.size()) + " images");
  }
  options.columns = std::ssize(heads);
  const PixelImage grid = image_grid(values, shape, options);
  const std::int64_t step = (grid.width - options.gap) / options.columns;
  const double size = head_size(heads, step - options.gap);
  std::size_t n_lines = 1;
  for (const std::string& head : heads) n_lines = std::max(n_lines, words_of(head).size());
  const auto height = std::min<std::int64_t>(
      kStripHeight, kMargin + static_cast<std::int64_t>(
                                  std::ceil(static_cast<double>(n_lines) * kLineHeight * size)));
  PixelImage picture{.width = grid.width, .height = height + grid.height, .channels = 3};
  picture.pixels.assign(static_cast<std::size_t>(3 * picture.width * picture.height), kWhite);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const std::int64_t left = options.gap + static_cast<std::int64_t>(i) * step;
    paste_head(heads[i], size, height, left, step - options.gap, picture);
  }
  paste(grid, 0, grid.width, grid.height, 0, height, picture);
  return picture;
}

PixelImage labelled_grid(std::span<const float> values, const data::ItemShape& shape,
                         const std::vector<std::string>& labels, GridOptions options) {
  const auto n_labels = labels.size();
  const auto size = static_cast<std::size_t>(shape.size());
  if (n_labels == 0 || values.empty() || values.size() % (n_labels * size) != 0) {
    throw Error(ErrorCode::kShape, std::to_string(values.size()) +
                                       " values are not as many images " + "for each of " +
                                       std::to_string(n_labels) + " labels");
  }
  const std::size_t each = values.size() / n_labels;
  if (options.columns == 0) {
    options.columns = std::min<std::int64_t>(kColumns, static_cast<std::int64_t>(each / size));
  }
  std::vector<PixelImage> grids;
  for (std::size_t i = 0; i < n_labels; ++i) {
    grids.push_back(image_grid(values.subspan(i * each, each), shape, options));
  }
  const std::int64_t strip = width_of(labels), height = grids.front().height;
  // The gap below a group is the one above the next.
  const std::int64_t step = height - options.gap;
  PixelImage picture{.width = strip + grids.front().width,
                     .height = step * static_cast<std::int64_t>(n_labels) + options.gap,
                     .channels = 3};
  picture.pixels.assign(static_cast<std::size_t>(3 * picture.width * picture.height), kWhite);
  for (std::size_t i = 0; i < n_labels; ++i) {
    const std::int64_t top = step * static_cast<std::int64_t>(i);
    paste(grids[i], 0, grids[i].width, height, strip, top, picture);
    paste_label(labels[i], strip, top, height, picture);
  }
  return picture;
}

}  // namespace ebm::report
