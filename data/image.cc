#include "data/image.h"

namespace ebm::data {

Image image_from_interleaved(const std::vector<std::uint8_t>& interleaved, const ItemShape& shape) {
  Image image{.shape = shape, .pixels = std::vector<std::uint8_t>(interleaved.size())};
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto plane = static_cast<std::size_t>(shape.height * shape.width);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < plane; ++p) {
      image.pixels[c * plane + p] = interleaved[p * channels + c];
    }
  }
  return image;
}

Image to_gray(Image image) {
  if (image.shape.channels == 1) return image;
  const auto plane = static_cast<std::size_t>(image.shape.height * image.shape.width);
  auto& p = image.pixels;
  for (std::size_t i = 0; i < plane; ++i) {
    p[i] = static_cast<std::uint8_t>(
        (299 * p[i] + 587 * p[plane + i] + 114 * p[2 * plane + i] + 500) / 1000);
  }
  p.resize(plane);
  image.shape.channels = 1;
  return image;
}

Image to_color(Image image) {
  if (image.shape.channels == 3) return image;
  const std::vector<std::uint8_t> grey = image.pixels;
  image.pixels.insert(image.pixels.end(), grey.begin(), grey.end());
  image.pixels.insert(image.pixels.end(), grey.begin(), grey.end());
  image.shape.channels = 3;
  return image;
}

}  // namespace ebm::data
