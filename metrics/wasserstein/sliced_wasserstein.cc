#include "metrics/wasserstein/sliced_wasserstein.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "base/require.h"
#include "metrics/mean_and_sd.h"
#include "metrics/wasserstein/wasserstein_1d.h"

namespace ebm::metrics {
namespace {

std::vector<double> random_direction(std::int64_t d, std::uint64_t seed, std::uint64_t index) {
  base::RandomStream random({.seed = seed, .domain = base::Domain::kProjection}, index);
  std::vector<double> u(static_cast<std::size_t>(d));
  double norm = 0.0;
  for (double& value : u) {
    value = random.next_normal();
    norm += value * value;
  }
  norm = std::sqrt(norm);
  for (double& value : u) value /= norm;
  return u;
}

/// u·x of every row, sorted.
std::vector<double> project(const FeatureView& set, const std::vector<double>& u) {
  std::vector<double> out(static_cast<std::size_t>(set.n()));
  for (std::int64_t i = 0; i < set.n(); ++i) {
    const float* row = set.row(i);
    double sum = 0.0;
    for (std::size_t k = 0; k < u.size(); ++k) sum += u[k] * static_cast<double>(row[k]);
    out[static_cast<std::size_t>(i)] = sum;
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

SlicedWasserstein sliced_wasserstein(const FeatureView& reference, const FeatureView& samples,
                                     const SlicedWassersteinOptions& options) {
  require_equal_dim(reference, samples);
  require_wasserstein_order(options.p);
  base::require_at_least("n_projections", options.n_projections, 1);
  base::require_at_least("n_threads", options.n_threads, 1);
  std::vector<double> powers(static_cast<std::size_t>(options.n_projections));
  base::parallel_for(options.n_projections, options.n_threads, [&](std::int64_t i) {
    const std::vector<double> u =
        random_direction(reference.d(), options.seed, static_cast<std::uint64_t>(i));
    powers[static_cast<std::size_t>(i)] =
        wasserstein_1d_power(project(reference, u), project(samples, u), options.p);
  });
  const auto [mean, sd] = mean_and_sd(powers);
  return {.value = std::pow(mean, 1.0 / options.p),
          .power_standard_error = sd / std::sqrt(static_cast<double>(options.n_projections))};
}

}  // namespace ebm::metrics
