#include "data/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ebm::data {
namespace {

/// One output value is Σ weights[k]·input[first + k].
struct Tap {
  std::int64_t first = 0;
  std::vector<float> weights;
};

Tap area_tap(std::int64_t i, std::int64_t from, std::int64_t to) {
  // Ends in units of 1/to of an input pixel, so that the parts are exact.
  const std::int64_t begin = i * from, end = (i + 1) * from;
  Tap tap{.first = begin / to, .weights = {}};
  for (std::int64_t pixel = tap.first; pixel * to < end; ++pixel) {
    const std::int64_t part = std::min(end, (pixel + 1) * to) - std::max(begin, pixel * to);
    tap.weights.push_back(static_cast<float>(part) / static_cast<float>(from));
  }
  return tap;
}

Tap bilinear_tap(std::int64_t i, std::int64_t from, std::int64_t to) {
  const double at =
      (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
  const double inside = std::clamp(at, 0.0, static_cast<double>(from - 1));
  const auto first =
      std::min(static_cast<std::int64_t>(inside), std::max<std::int64_t>(from - 2, 0));
  if (from == 1) return {.first = 0, .weights = {1.0f}};
  const auto right = static_cast<float>(inside - static_cast<double>(first));
  return {.first = first, .weights = {1.0f - right, right}};
}

std::vector<Tap> make_taps(std::int64_t from, std::int64_t to) {
  std::vector<Tap> taps;
  for (std::int64_t i = 0; i < to; ++i) {
    taps.push_back(to < from ? area_tap(i, from, to) : bilinear_tap(i, from, to));
  }
  return taps;
}

/// Σ over the tap of input[(first + k)·stride].
float apply(const Tap& tap, const float* input, std::int64_t stride) {
  float sum = 0;
  for (std::size_t k = 0; k < tap.weights.size(); ++k) {
    sum += tap.weights[k] * input[(tap.first + static_cast<std::int64_t>(k)) * stride];
  }
  return sum;
}

/// The central square of one channel as [side, side] floats.
std::vector<float> crop(const Image& image, std::int64_t channel, std::int64_t side) {
  const ItemShape& s = image.shape;
  const std::int64_t top = (s.height - side) / 2, left = (s.width - side) / 2;
  std::vector<float> square;
  square.reserve(static_cast<std::size_t>(side * side));
  for (std::int64_t y = 0; y < side; ++y) {
    const auto* row = image.pixels.data() + ((channel * s.height + top + y) * s.width + left);
    square.insert(square.end(), row, row + side);
  }
  return square;
}

}  // namespace

Image crop_and_resize(const Image& image, std::int64_t size) {
  const std::int64_t side = std::min(image.shape.height, image.shape.width);
  if (image.shape.height == size && image.shape.width == size) return image;
  const std::vector<Tap> taps = make_taps(side, size);
  Image out{.shape = {image.shape.channels, size, size}, .pixels = {}};
  out.pixels.reserve(static_cast<std::size_t>(out.shape.size()));
  std::vector<float> narrow(static_cast<std::size_t>(side * size));  // [side, size]
  for (std::int64_t c = 0; c < image.shape.channels; ++c) {
    const std::vector<float> square = crop(image, c, side);
    for (std::int64_t y = 0; y < side; ++y) {
      for (std::int64_t x = 0; x < size; ++x) {
        narrow[static_cast<std::size_t>(y * size + x)] =
            apply(taps[static_cast<std::size_t>(x)], square.data() + y * side, 1);
      }
    }
    for (std::int64_t y = 0; y < size; ++y) {
      for (std::int64_t x = 0; x < size; ++x) {
        const float value = apply(taps[static_cast<std::size_t>(y)], narrow.data() + x, size);
        out.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f)));
      }
    }
  }
  return out;
}

}  // namespace ebm::data
