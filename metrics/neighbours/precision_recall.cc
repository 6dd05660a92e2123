#include "metrics/neighbours/precision_recall.h"

#include "metrics/neighbours/balls.h"
#include "metrics/neighbours/nearest_neighbours.h"

namespace ebm::metrics {
namespace {

/// The share of `points` in the manifold of `set`.
double share_inside(const FeatureView& set, const FeatureView& points,
                    const PrecisionRecallOptions& options) {
  const Neighbours own = nearest_neighbours(
      set, set, {.k = options.k, .leave_self_out = true, .n_threads = options.n_threads});
  const BallCounts counts =
      count_in_balls(set, own.squared_radii(), points, Boundary::kClosed, options.n_threads);
  return static_cast<double>(counts.n_points_inside()) / static_cast<double>(points.n());
}

}  // namespace

PrecisionRecall precision_recall(const FeatureView& reference, const FeatureView& samples,
                                 const PrecisionRecallOptions& options) {
  require_equal_dim(reference, samples);
  return {.precision = share_inside(reference, samples, options),
          .recall = share_inside(samples, reference, options)};
}

}  // namespace ebm::metrics
