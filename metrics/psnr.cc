#include "metrics/psnr.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::metrics {

double mean_squared_error(std::span<const float> image, std::span<const float> truth) {
  if (image.empty() || image.size() != truth.size()) {
    throw Error(ErrorCode::kShape, "an image of " + std::to_string(image.size()) +
                                       " values is compared with one of " +
                                       std::to_string(truth.size()));
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const double off = double{image[i]} - double{truth[i]};
    sum += off * off;
  }
  return sum / static_cast<double>(image.size());
}

double psnr(double mean_squared_error, double range) {
  base::require_positive("range", range);
  base::require_non_negative("mean squared error", mean_squared_error);
  return 10.0 * std::log10(range * range / mean_squared_error);
}

}  // namespace ebm::metrics
