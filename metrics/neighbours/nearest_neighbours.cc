#include "metrics/neighbours/nearest_neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "base/require.h"
#include "metrics/neighbours/distance_tiles.h"

namespace ebm::metrics {
namespace {

using Candidate = std::pair<double, std::int64_t>;  // squared distance, index

/// The k least candidates so far, as a heap with the farthest on top.
class Nearest {
 public:
  explicit Nearest(std::int64_t k) : k_(static_cast<std::size_t>(k)) { heap_.reserve(k_ + 1); }

  double farthest() const {
    return heap_.size() < k_ ? std::numeric_limits<double>::infinity() : heap_.front().first;
  }
  void add(const Candidate& candidate) {
    if (heap_.size() == k_ && candidate >= heap_.front()) return;
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
    if (heap_.size() > k_) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
  }
  std::vector<Candidate>& sorted() {
    std::sort_heap(heap_.begin(), heap_.end());
    return heap_;
  }

 private:
  std::size_t k_;
  std::vector<Candidate> heap_;
};

}  // namespace

void NeighbourOptions::validate() const {
  base::require_at_least("k", k, 1);
  base::require_at_least("n_threads", n_threads, 1);
}

std::vector<double> Neighbours::squared_radii() const {
  std::vector<double> radii(squared_distances.size() / static_cast<std::size_t>(k));
  for (std::size_t i = 0; i < radii.size(); ++i) {
    radii[i] = squared_distances[(i + 1) * static_cast<std::size_t>(k) - 1];
  }
  return radii;
}

Neighbours nearest_neighbours(const FeatureView& queries, const FeatureView& points,
                              const NeighbourOptions& options) {
  options.validate();
  require_equal_dim(points, queries);
  const std::int64_t k = options.k, d = queries.d();
  require_rows(points, k + (options.leave_self_out ? 1 : 0),
               "k = " + std::to_string(k) + " neighbours");
  const auto n_slots = static_cast<std::size_t>(queries.n() * k);
  Neighbours out{k, std::vector<double>(n_slots), std::vector<std::int64_t>(n_slots)};
  const DistanceTiles tiles(queries, points);
  base::parallel_for(tiles.n_query_blocks(), options.n_threads, [&](std::int64_t block) {
    const std::int64_t first = block * DistanceTiles::kQueries;
    std::vector<Nearest> nearest(static_cast<std::size_t>(DistanceTiles::kQueries), Nearest(k));
    tiles.visit(block, [&](std::int64_t i, std::int64_t j, DistanceTiles::Range range) {
      Nearest& of_i = nearest[static_cast<std::size_t>(i - first)];
      if (range.least > of_i.farthest() || (options.leave_self_out && i == j)) return;
      of_i.add({squared_distance(queries.row(i), points.row(j), d), j});
    });
    const std::int64_t end = std::min(first + DistanceTiles::kQueries, queries.n());
    for (std::int64_t i = first; i < end; ++i) {
      auto slot = static_cast<std::size_t>(i * k);
      for (const auto& [distance, index] : nearest[static_cast<std::size_t>(i - first)].sorted()) {
        out.squared_distances[slot] = distance;
        out.indices[slot++] = index;
      }
    }
  });
  return out;
}

std::vector<double> nearest_distances(const FeatureView& queries, const FeatureView& points,
                                      const NeighbourOptions& options) {
  std::vector<double> out = nearest_neighbours(queries, points, options).squared_radii();
  for (double& distance : out) distance = std::sqrt(distance);
  return out;
}

}  // namespace ebm::metrics
