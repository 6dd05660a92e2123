#include "metrics/mode_count.h"

#include <algorithm>
#include <limits>

#include "base/require.h"

namespace ebm::metrics {

ModeCount count_modes(const FeatureView& samples, const FeatureView& centres, double radius) {
  require_equal_dim(samples, centres);
  base::require_positive("radius", radius);
  ModeCount result{.counts = std::vector<std::int64_t>(static_cast<std::size_t>(centres.n())),
                   .n_found = 0,
                   .good = 0.0};
  std::int64_t n_good = 0;
  for (std::int64_t i = 0; i < samples.n(); ++i) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t nearest = 0;
    for (std::int64_t k = 0; k < centres.n(); ++k) {
      double square = 0.0;
      for (std::int64_t j = 0; j < samples.d(); ++j) {
        const double d = double{samples.row(i)[j]} - double{centres.row(k)[j]};
        square += d * d;
      }
      if (square < least) {
        least = square;
        nearest = static_cast<std::size_t>(k);
      }
    }
    if (least > radius * radius) continue;
    ++result.counts[nearest];
    ++n_good;
  }
  result.n_found = std::ranges::count_if(result.counts, [](std::int64_t n) { return n > 0; });
  result.good = static_cast<double>(n_good) / static_cast<double>(samples.n());
  return result;
}

}  // namespace ebm::metrics
