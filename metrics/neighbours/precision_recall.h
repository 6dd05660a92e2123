#pragma once

#include <cstdint>

#include "metrics/features.h"

namespace ebm::metrics {

struct PrecisionRecallOptions {
  std::int64_t k = 3;
  int n_threads = 1;
};

struct PrecisionRecall {
  double precision;  ///< in [0, 1]; how much of the samples looks like the reference
  double recall;     ///< in [0, 1]; how much of the reference the samples could be
};

/// Improved precision and recall: with r_k(y, Y) the distance from y to its k-th nearest other row
/// of Y, and x in the manifold of Y if ‖x − y‖ <= r_k(y, Y) for some y of Y,
///   precision = #{samples in the manifold of the reference} / n_samples,
///   recall    = #{reference rows in the manifold of the samples} / n_reference.
/// Two sets of one distribution do not give 1, and outliers of either set raise the figures: see
/// density_coverage(). Compare values of equal k and equal sizes of both sets only.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ or a set has fewer than k + 1 rows; Error(kUsage) on
///         an option below 1.
/// Source: Kynkäänniemi, Karras, Laine, Lehtinen, Aila 2019, eq. 1 and 2.
PrecisionRecall precision_recall(const FeatureView& reference, const FeatureView& samples,
                                 const PrecisionRecallOptions& options = {});

}  // namespace ebm::metrics
