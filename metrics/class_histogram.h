#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::metrics {

/// Distribution of items over classes; entropies in nats.
struct ClassHistogram {
  std::vector<std::int64_t> counts;  ///< [n_classes]
  std::int64_t n_missing;            ///< classes without an item
  double entropy;                    ///< −Σ p·ln p, from 0 to ln n_classes
  /// Σ p·ln(p/q) with q the reference's shares, uniform if there is none. Infinite if a class has
  /// items but no share in q.
  double kl_divergence;
};

/// @param labels            of the items, each from 0 to n_classes − 1, e.g. as a classifier
/// predicts
/// @param n_classes         1 or more
/// @param reference_counts  [n_classes], or empty for the uniform distribution
/// @throws Error(kShape) without labels or on another number of reference counts; Error(kBadData)
///         naming the first label that is no class, or a reference that is negative or all zero;
///         Error(kUsage) on n_classes < 1.
ClassHistogram class_histogram(std::span<const std::int64_t> labels, std::int64_t n_classes,
                               std::span<const std::int64_t> reference_counts = {});

}  // namespace ebm::metrics
