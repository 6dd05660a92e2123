#include "metrics/ssim.h"

#include <array>
#include <cmath>
#include <vector>

#include "base/require.h"

namespace ebm::metrics {
namespace {

using Window = std::array<double, kSsimWindow>;

/// Weights of one axis.
Window window_weights() {
  constexpr double kSd = 1.5;
  Window weights{};
  double sum = 0.0;
  for (std::int64_t k = 0; k < kSsimWindow; ++k) {
    const auto off = static_cast<double>(k - kSsimWindow / 2);
    weights[static_cast<std::size_t>(k)] = std::exp(-off * off / (2.0 * kSd * kSd));
    sum += weights[static_cast<std::size_t>(k)];
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// What a window sees of two images: means, and means of products.
struct Moments {
  double x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;

  void add(double weight, const Moments& other) {
    x += weight * other.x;
    y += weight * other.y;
    xx += weight * other.xx;
    yy += weight * other.yy;
    xy += weight * other.xy;
  }
};

double similarity(const Moments& m, double range) {
  const double c1 = std::pow(0.01 * range, 2), c2 = std::pow(0.03 * range, 2);
  const double xx = m.xx - m.x * m.x, yy = m.yy - m.y * m.y, xy = m.xy - m.x * m.y;
  return (2.0 * m.x * m.y + c1) * (2.0 * xy + c2) / ((m.x * m.x + m.y * m.y + c1) * (xx + yy + c2));
}

/// Mean over the places of the window in one channel.
double channel_similarity(const float* image, const float* truth, const SsimOptions& options,
                          const Window& weights) {
  const std::int64_t height = options.height, width = options.width;
  const std::int64_t n_places = width - kSsimWindow + 1;
  std::vector<Moments> rows(static_cast<std::size_t>(height * n_places));
  for (std::int64_t i = 0; i < height * n_places; ++i) {
    const std::int64_t at = i / n_places * width + i % n_places;
    for (std::int64_t k = 0; k < kSsimWindow; ++k) {
      const double x = double{image[at + k]} - options.low;
      const double y = double{truth[at + k]} - options.low;
      rows[static_cast<std::size_t>(i)].add(weights[static_cast<std::size_t>(k)],
                                            {x, y, x * x, y * y, x * y});
    }
  }
  double sum = 0.0;
  const std::int64_t n = (height - kSsimWindow + 1) * n_places;
  for (std::int64_t i = 0; i < n; ++i) {
    Moments moments;
    for (std::int64_t k = 0; k < kSsimWindow; ++k) {
      moments.add(weights[static_cast<std::size_t>(k)],
                  rows[static_cast<std::size_t>(i + k * n_places)]);
    }
    sum += similarity(moments, options.range);
  }
  return sum / static_cast<double>(n);
}

}  // namespace

void SsimOptions::validate() const {
  base::require_at_least("channels", channels, 1);
  base::require_at_least("height", height, kSsimWindow);
  base::require_at_least("width", width, kSsimWindow);
  base::require_finite("low", low);
  base::require_positive("range", range);
}

double ssim(std::span<const float> image, std::span<const float> truth,
            const SsimOptions& options) {
  options.validate();
  const std::int64_t of_a_channel = options.height * options.width;
  base::require_size("image", image.size(), options.channels * of_a_channel,
                     "channels x height x width");
  base::require_size("truth", truth.size(), options.channels * of_a_channel,
                     "channels x height x width");
  const Window weights = window_weights();
  double sum = 0.0;
  for (std::int64_t channel = 0; channel < options.channels; ++channel) {
    sum += channel_similarity(image.data() + channel * of_a_channel,
                              truth.data() + channel * of_a_channel, options, weights);
  }
  return sum / static_cast<double>(options.channels);
}

}  // namespace ebm::metrics
