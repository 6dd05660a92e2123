#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace ebm::data {

/// One decoded image: grey (1 channel) or RGB (3 channels), 8 bits a value.
struct Image {
  ItemShape shape;
  std::vector<std::uint8_t> pixels;  ///< [channels, height, width]
};

/// A colour, 8 bits a channel.
struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;

  bool is_gray() const { return red == green && green == blue; }
  bool operator==(const Color&) const = default;
};

/// Decoders refuse images of more pixels: 2^26, 8192 x 8192.
inline constexpr std::int64_t kMaxPixels = std::int64_t{1} << 26;

/// [height, width, channels] in `interleaved` to the layout of Image.
Image image_from_interleaved(const std::vector<std::uint8_t>& interleaved, const ItemShape& shape);

/// Luma of Rec. 601, (299·R + 587·G + 114·B)/1000 rounded to nearest. A grey image is unchanged.
Image to_gray(Image image);

/// R = G = B = grey level. An RGB image is unchanged.
Image to_color(Image image);

}  // namespace ebm::data
