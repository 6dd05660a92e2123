#include "data/formats/transparency.h"

#include <array>
#include <cstddef>

namespace ebm::data {

DecodedImage over_background(const std::vector<std::uint8_t>& pixels, const ItemShape& shape,
                             const Color& background) {
  const auto n_stored = static_cast<std::size_t>(shape.channels);
  const std::size_t stride = n_stored + 1;
  bool has_transparency = false;
  for (std::size_t i = n_stored; i < pixels.size(); i += stride) {
    has_transparency = has_transparency || pixels[i] != 255;
  }
  const bool becomes_color = n_stored == 1 && has_transparency && !background.is_gray();
  const std::size_t n_channels = becomes_color ? 3 : n_stored;
  const std::array<unsigned, 3> behind{background.red, background.green, background.blue};
  std::vector<std::uint8_t> opaque;
  opaque.reserve(pixels.size() / stride * n_channels);
  for (std::size_t i = 0; i < pixels.size(); i += stride) {
    const unsigned alpha = pixels[i + n_stored];
    for (std::size_t c = 0; c < n_channels; ++c) {
      const unsigned value = pixels[i + (becomes_color ? 0 : c)];
      opaque.push_back(
          static_cast<std::uint8_t>((value * alpha + behind[c] * (255 - alpha) + 127) / 255));
    }
  }
  ItemShape out = shape;
  out.channels = static_cast<std::int64_t>(n_channels);
  return {.image = image_from_interleaved(opaque, out), .has_transparency = has_transparency};
}

}  // namespace ebm::data
