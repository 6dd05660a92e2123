#pragma once

#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

struct NeighbourOptions {
  std::int64_t k = 1;
  /// The two sets are one and the same, and no row is its own neighbour (its copies are).
  bool leave_self_out = false;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The k nearest points of every query, from near to far; at equal distance, by index.
struct Neighbours {
  std::int64_t k = 0;
  std::vector<double> squared_distances;  ///< [n_queries, k]
  std::vector<std::int64_t> indices;      ///< [n_queries, k], rows of the points

  /// Squared distance of the k-th, the farthest, of every query: [n_queries].
  std::vector<double> squared_radii() const;
};

/// Exact k nearest neighbours in Euclidean distance, by comparing all pairs. The same bits for any
/// number of threads and on any machine: see DistanceTiles. Costs n_queries·n_points·d products in
/// float32, and memory for one more copy of both sets.
/// @throws Error(kShape) if the widths differ or there are fewer than k other points;
///         Error(kUsage) as validate().
Neighbours nearest_neighbours(const FeatureView& queries, const FeatureView& points,
                              const NeighbourOptions& options = {});

/// Distances to the nearest of the points, not squared: [n_queries].
std::vector<double> nearest_distances(const FeatureView& queries, const FeatureView& points,
                                      const NeighbourOptions& options = {});

}  // namespace ebm::metrics
