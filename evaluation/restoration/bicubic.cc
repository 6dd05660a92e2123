#include "evaluation/restoration/bicubic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ebm::evaluation {
namespace {

/// Weight of a pixel at a distance.
double cubic(double distance) {
  const double t = std::abs(distance);
  if (t >= 2.0) return 0.0;
  return t < 1.0 ? (1.5 * t - 2.5) * t * t + 1.0 : ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0;
}

/// One value of an axis: Σ weights[k]·input[places[k]].
struct Tap {
  std::array<std::int64_t, 4> places;
  std::array<float, 4> weights;
};

std::vector<Tap> taps_of(std::int64_t length, std::int64_t factor) {
  std::vector<Tap> taps;
  for (std::int64_t i = 0; i < length * factor; ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(factor) - 0.5;
    const auto first = static_cast<std::int64_t>(std::floor(at)) - 1;
    Tap tap{};
    for (std::size_t k = 0; k < 4; ++k) {
      const std::int64_t place = first + static_cast<std::int64_t>(k);
      tap.weights[k] = static_cast<float>(cubic(at - static_cast<double>(place)));
      tap.places[k] = std::clamp<std::int64_t>(place, 0, length - 1);
    }
    taps.push_back(tap);
  }
  return taps;
}

/// Along one axis of [outer, length, inner].
std::vector<float> enlarge_axis(const std::vector<float>& rows, std::int64_t length,
                                std::int64_t inner, std::int64_t factor) {
  const std::vector<Tap> taps = taps_of(length, factor);
  const auto outer = static_cast<std::int64_t>(rows.size()) / (length * inner);
  std::vector<float> out;
  out.reserve(rows.size() * static_cast<std::size_t>(factor));
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const Tap& tap : taps) {
      for (std::int64_t i = 0; i < inner; ++i) {
        float sum = 0.0f;
        for (std::size_t k = 0; k < 4; ++k) {
          sum += tap.weights[k] *
                 rows[static_cast<std::size_t>((o * length + tap.places[k]) * inner + i)];
        }
        out.push_back(sum);
      }
    }
  }
  return out;
}

}  // namespace

std::vector<float> bicubic_images(const std::vector<float>& rows, const data::ItemShape& shape,
                                  std::int64_t factor) {
  return enlarge_axis(enlarge_axis(rows, shape.height, shape.width, factor), shape.width, 1,
                      factor);
}

}  // namespace ebm::evaluation
