#include "metrics/neighbours/density_coverage.h"

#include <numeric>

#include "base/require.h"
#include "metrics/neighbours/balls.h"
#include "metrics/neighbours/nearest_neighbours.h"

namespace ebm::metrics {

DensityCoverage density_coverage(const FeatureView& reference, const FeatureView& samples,
                                 const DensityCoverageOptions& options) {
  require_equal_dim(reference, samples);
  const Neighbours own =
      nearest_neighbours(reference, reference,
                         {.k = options.k, .leave_self_out = true, .n_threads = options.n_threads});
  const BallCounts counts =
      count_in_balls(reference, own.squared_radii(), samples, Boundary::kOpen, options.n_threads);
  const std::int64_t n_pairs =
      std::accumulate(counts.points_of_ball.begin(), counts.points_of_ball.end(), std::int64_t{0});
  return {.density = static_cast<double>(n_pairs) / static_cast<double>(options.k * samples.n()),
          .coverage =
              static_cast<double>(counts.n_balls_filled()) / static_cast<double>(reference.n())};
}

double expected_coverage(std::int64_t n_reference, std::int64_t n_samples, std::int64_t k) {
  base::require_at_least("k", k, 1);
  base::require_at_least("n_reference", n_reference, k + 1);
  base::require_at_least("n_samples", n_samples, 1);
  double all_of_reference = 1.0;
  for (std::int64_t i = 1; i <= k; ++i) {
    all_of_reference *=
        static_cast<double>(n_reference - i) / static_cast<double>(n_reference + n_samples - i);
  }
  return 1.0 - all_of_reference;
}

}  // namespace ebm::metrics
