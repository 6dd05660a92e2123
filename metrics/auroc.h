#pragma once

#include <span>

namespace ebm::metrics {

/// Area under the ROC curve: P(score of a positive > score of a negative) + P(equal)/2. Counted in
/// whole numbers. For out-of-distribution detection by energy, positives are the other data and the
/// score is the energy, fixed before looking.
/// @throws Error(kShape) naming a set that is empty; Error(kBadData) naming the first NaN.
/// Source: Mann & Whitney 1947; Fawcett 2006, section 7.
double auroc(std::span<const float> positives, std::span<const float> negatives);

}  // namespace ebm::metrics
