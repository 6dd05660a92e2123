#pragma once

#include "metrics/features.h"

namespace ebm::metrics {

/// How often a row's nearest neighbour belongs to its own set.
struct OneNearestNeighbour {
  double accuracy;            ///< of all rows
  double accuracy_reference;  ///< of the reference's rows
  double accuracy_samples;    ///< of the samples' rows
};

/// Two-sample test by leave-one-out 1-nearest-neighbour classification of the two sets put
/// together. Of one distribution and n = m, accuracy is about 1/2: n − 1 of the 2n − 1 others of a
/// row are of its set. Towards 1 the sets lie apart; below 1/2 samples lie nearer to reference rows
/// than these to one another, as copies do. Both below is memorised data, a low accuracy_reference
/// with a high accuracy_samples a collapse to few modes. Where several rows are equally near, the
/// share of them that is of the own set counts.
/// With n other than m the value of equal distributions is not 1/2: draw subsets first.
/// @param reference  [n, d], samples [m, d]
/// @throws Error(kShape) if the widths differ or a set has fewer than 2 rows; Error(kUsage) on
///         n_threads < 1.
/// Source: Lopez-Paz & Oquab 2017; Xu et al. 2018 for the two parts.
OneNearestNeighbour two_sample_1nn(const FeatureView& reference, const FeatureView& samples,
                                   int n_threads = 1);

}  // namespace ebm::metrics
