#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// Mean and covariance of the rows of a set, in double precision.
struct Moments {
  std::int64_t n = 0;  ///< rows they are of
  std::int64_t d = 0;
  std::vector<double> mean;        ///< [d]
  std::vector<double> covariance;  ///< [d, d], with divisor n − 1; symmetric

  /// Whether so few rows cannot span the space: the covariance has rank n − 1 at most.
  bool is_rank_deficient() const { return n <= d; }
};

/// mean = Σ x / n, covariance = Σ (x − mean)(x − mean)ᵀ / (n − 1), in two passes. The same bits for
/// any n_threads.
/// @param rows  to take, in this order; empty for all
/// @throws Error(kShape) for fewer than 2 rows, Error(kUsage) on n_threads < 1.
Moments moments_of(const FeatureView& set, std::span<const std::int64_t> rows = {},
                   int n_threads = 1);

}  // namespace ebm::metrics
