#include "metrics/neighbours/two_sample_1nn.h"

#include <cstdint>
#include <vector>

#include "metrics/neighbours/balls.h"
#include "metrics/neighbours/nearest_neighbours.h"

namespace ebm::metrics {
namespace {

/// Sum over the rows of `own` of the share of their nearest neighbours that is of `own`.
double n_right(const FeatureView& own, const FeatureView& other, int n_threads) {
  const std::vector<double> to_own =
      nearest_neighbours(own, own, {.leave_self_out = true, .n_threads = n_threads})
          .squared_radii();
  const std::vector<double> to_other =
      nearest_neighbours(own, other, {.n_threads = n_threads}).squared_radii();
  std::int64_t n_nearer = 0;
  std::vector<float> tied_rows;
  std::vector<double> tied_radii;
  for (std::int64_t i = 0; i < own.n(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (to_own[at] < to_other[at]) ++n_nearer;
    if (to_own[at] == to_other[at]) {
      tied_rows.insert(tied_rows.end(), own.row(i), own.row(i) + own.d());
      tied_radii.push_back(to_own[at]);
    }
  }
  auto sum = static_cast<double>(n_nearer);
  if (tied_radii.empty()) return sum;

  // Nothing is nearer than the radius, so that all in the closed ball are at it.
  const FeatureView tied(tied_rows, std::ssize(tied_radii), own.d(), own.name());
  const auto at_radius = [&](const FeatureView& set) {
    return count_in_balls(tied, tied_radii, set, Boundary::kClosed, n_threads).points_of_ball;
  };
  const std::vector<std::int64_t> n_own = at_radius(own), n_other = at_radius(other);
  for (std::size_t i = 0; i < n_own.size(); ++i) {
    const auto others_of_own = static_cast<double>(n_own[i] - 1);  // without the row itself
    sum += others_of_own / (others_of_own + static_cast<double>(n_other[i]));
  }
  return sum;
}

}  // namespace

OneNearestNeighbour two_sample_1nn(const FeatureView& reference, const FeatureView& samples,
                                   int n_threads) {
  require_equal_dim(reference, samples);
  const double right_reference = n_right(reference, samples, n_threads);
  const double right_samples = n_right(samples, reference, n_threads);
  const auto n = static_cast<double>(reference.n()), m = static_cast<double>(samples.n());
  return {.accuracy = (right_reference + right_samples) / (n + m),
          .accuracy_reference = right_reference / n,
          .accuracy_samples = right_samples / m};
}

}  // namespace ebm::metrics
