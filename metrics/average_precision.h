#pragma once

#include <span>

namespace ebm::metrics {

/// Area under the precision-recall curve as a sum (AUPR):
///   AP = Σ_t (R_t − R_{t−1})·P_t
/// over the different scores t from high to low, with P_t and R_t the precision and recall of
/// calling "score >= t" positive. Equal scores are one threshold, so that their order does not
/// matter. Scores that say nothing give the share of positives.
/// @throws Error(kShape) naming a set that is empty; Error(kBadData) naming the first NaN.
/// Source: scikit-learn's average_precision_score, which has the same definition.
double average_precision(std::span<const float> positives, std::span<const float> negatives);

}  // namespace ebm::metrics
