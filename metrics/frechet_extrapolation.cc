#include "metrics/frechet_extrapolation.h"

#include <string>

#include "base/error.h"
#include "base/parallel.h"
#include "base/require.h"
#include "metrics/frechet_distance.h"
#include "metrics/moments.h"
#include "metrics/random_subset.h"

namespace ebm::metrics {
namespace {

/// From `least` to `most` in even steps.
std::vector<std::int64_t> even_sizes(std::int64_t least, std::int64_t most, std::int64_t n_points) {
  if (least < 2 || most - least < n_points - 1) {
    throw Error(ErrorCode::kUsage, "min_size = " + std::to_string(least) +
                                       ": must be at least 2, with " + std::to_string(n_points) +
                                       " different sizes from there to all " +
                                       std::to_string(most) + " samples");
  }
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < n_points; ++i) {
    sizes.push_back(least + (most - least) * i / (n_points - 1));
  }
  return sizes;
}

/// The least-squares line through (1/size, distance).
void fit(FrechetExtrapolation& out) {
  const auto n = static_cast<double>(out.sizes.size());
  double mean_x = 0.0, mean_y = 0.0;
  for (std::size_t i = 0; i < out.sizes.size(); ++i) {
    mean_x += 1.0 / static_cast<double>(out.sizes[i]) / n;
    mean_y += out.distances[i] / n;
  }
  double sum_xx = 0.0, sum_xy = 0.0;
  for (std::size_t i = 0; i < out.sizes.size(); ++i) {
    const double x = 1.0 / static_cast<double>(out.sizes[i]) - mean_x;
    sum_xx += x * x;
    sum_xy += x * (out.distances[i] - mean_y);
  }
  out.slope = sum_xy / sum_xx;
  out.at_infinity = mean_y - out.slope * mean_x;
}

}  // namespace

FrechetExtrapolation frechet_extrapolation(const FeatureView& reference, const FeatureView& samples,
                                           const FrechetExtrapolationOptions& options) {
  require_equal_dim(reference, samples);
  base::require_at_least("n_points", options.n_points, 2);
  base::require_at_least("min_size", options.min_size, 0);
  base::require_at_least("n_threads", options.n_threads, 1);
  if (options.shrink_reference && reference.n() < samples.n()) {
    throw Error(ErrorCode::kUsage, "shrink_reference: " + reference.name() + " have " +
                                       std::to_string(reference.n()) +
                                       " rows: must be at least as many as " + samples.name() +
                                       ", " + std::to_string(samples.n()));
  }
  FrechetExtrapolation out{};
  out.sizes = even_sizes(options.min_size > 0 ? options.min_size : samples.n() / 10, samples.n(),
                         options.n_points);
  out.distances.resize(out.sizes.size());
  const Moments all_of_reference = moments_of(reference, {}, options.n_threads);
  base::parallel_for(std::ssize(out.sizes), options.n_threads, [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    const auto subset = [&](const FeatureView& set, SubsetOf of) {
      return moments_of(set, random_subset(set.n(), out.sizes[at], options.seed, at, of));
    };
    const Moments of_samples = subset(samples, SubsetOf::kSamples);
    out.distances[at] =
        frechet_distance(
            options.shrink_reference ? subset(reference, SubsetOf::kReference) : all_of_reference,
            of_samples)
            .value;
  });
  out.is_rank_deficient = out.sizes.front() <= samples.d() || all_of_reference.is_rank_deficient();
  fit(out);
  return out;
}

}  // namespace ebm::metrics
