#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// ‖x − y‖² in double precision, added coordinate by coordinate: the distance that decides.
double squared_distance(const float* x, const float* y, std::int64_t d);

/// Squared distances of all pairs of two sets, a tile at a time by float32 matrix products, with a
/// bound of their error. The products are fast and sort out nearly all pairs; squared_distance()
/// decides the few that the bound leaves open. So results are exact and have the same bits on every
/// machine, whatever order the products are added up in.
///
/// With both sets shifted by the mean of `points` and scaled by one power of two s, so that no
/// value is above 1, ‖x − y‖²·s² = a ± b, where
///   a = ‖x'‖² + ‖y'‖² − 2·x'·y',  b = c·(‖x'‖² + ‖y'‖²) + 2⁻⁹⁰,  c = 2·(d + 32)·2⁻²⁴.
/// Rounding of the shift adds 4·2⁻²⁴ to c, a dot product of d terms d·2⁻²⁴ (Higham 2002, section
/// 3.1), in whatever order; the rest is room for terms of second order. 2⁻⁹⁰ covers underflow.
class DistanceTiles {
 public:
  /// Keeps shifted copies of both sets. The views have to outlive it.
  DistanceTiles(const FeatureView& queries, const FeatureView& points);

  static constexpr std::int64_t kQueries = 128;  ///< rows of a tile
  static constexpr std::int64_t kPoints = 512;   ///< columns of a tile

  std::int64_t n_query_blocks() const { return (queries_.n() + kQueries - 1) / kQueries; }
  std::int64_t n_point_blocks() const { return (points_.n() + kPoints - 1) / kPoints; }

  /// What a pair of a tile is known to be at least and at most, in the units of the features.
  struct Range {
    double least;
    double most;
  };

  /// Calls visit(query, point, range) for all pairs of one block of queries with all points, in the
  /// order of tiles, queries, points.
  template <class Visit>
  void visit(std::int64_t query_block, const Visit& visit) const;

 private:
  void multiply(std::int64_t first_query, std::int64_t n_queries, std::int64_t first_point,
                std::int64_t n_points, float* products) const;

  FeatureView queries_;
  FeatureView points_;
  std::vector<float> query_copies_;  // [n, d], shifted and scaled
  std::vector<float> point_copies_;  // [n, d]
  std::vector<double> query_norms_;  // ‖x'‖² [n]
  std::vector<double> point_norms_;  // ‖y'‖² [n]
  double slack_;                     // c
  double to_feature_units_;          // 1/s²
};

template <class Visit>
void DistanceTiles::visit(std::int64_t query_block, const Visit& visit) const {
  constexpr double kUnderflow = 0x1p-90;
  const std::int64_t first_query = query_block * kQueries;
  const std::int64_t n_queries = std::min(kQueries, queries_.n() - first_query);
  std::vector<float> products(static_cast<std::size_t>(kQueries * kPoints));
  for (std::int64_t first = 0; first < points_.n(); first += kPoints) {
    const std::int64_t n_points = std::min(kPoints, points_.n() - first);
    multiply(first_query, n_queries, first, n_points, products.data());
    for (std::int64_t i = 0; i < n_queries; ++i) {
      const double query_norm = query_norms_[static_cast<std::size_t>(first_query + i)];
      const float* row = products.data() + i * kPoints;
      for (std::int64_t j = 0; j < n_points; ++j) {
        const double norms = query_norm + point_norms_[static_cast<std::size_t>(first + j)];
        const double distance = norms - 2.0 * static_cast<double>(row[j]);
        const double error = slack_ * norms + kUnderflow;
        visit(
            first_query + i, first + j,
            Range{(distance - error) * to_feature_units_, (distance + error) * to_feature_units_});
      }
    }
  }
}

}  // namespace ebm::metrics
