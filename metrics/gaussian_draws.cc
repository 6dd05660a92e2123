#include "metrics/gaussian_draws.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "base/require.h"

namespace ebm::metrics {
namespace {

/// Draws that share one pass through the rows: their sums stay in the cache.
constexpr std::int64_t kTogether = 8;

}  // namespace

std::vector<float> gaussian_draws(const FeatureView& set, const GaussianDrawOptions& options) {
  base::require_at_least("n", options.n, 1);
  base::require_at_least("n_threads", options.n_threads, 1);
  require_rows(set, 2, "a covariance");
  const std::int64_t d = set.d();
  const std::vector<double> mean = column_means(set);
  std::vector<float> centre(mean.begin(), mean.end());
  std::vector<float> draws(static_cast<std::size_t>(options.n * d));
  const double scale = 1.0 / std::sqrt(static_cast<double>(set.n() - 1));
  base::parallel_for(
      (options.n + kTogether - 1) / kTogether, options.n_threads, [&](std::int64_t task) {
        const std::int64_t first = task * kTogether;
        const std::int64_t n = std::min(kTogether, options.n - first);
        std::vector<base::RandomStream> streams;
        for (std::int64_t k = 0; k < n; ++k) {
          streams.emplace_back(options.key, static_cast<std::uint64_t>(first + k));
          std::copy(centre.begin(), centre.end(), draws.begin() + (first + k) * d);
        }
        std::vector<float> difference(static_cast<std::size_t>(d));
        for (std::int64_t i = 0; i < set.n(); ++i) {
          const float* row = set.row(i);
          for (std::size_t j = 0; j < difference.size(); ++j) difference[j] = row[j] - centre[j];
          for (std::int64_t k = 0; k < n; ++k) {
            const auto z =
                static_cast<float>(scale * streams[static_cast<std::size_t>(k)].next_normal());
            float* out = draws.data() + (first + k) * d;
            for (std::size_t j = 0; j < difference.size(); ++j) out[j] += z * difference[j];
          }
        }
      });
  return draws;
}

}  // namespace ebm::metrics
