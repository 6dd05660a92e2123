#pragma once

#include "metrics/features.h"

namespace ebm::metrics {

/// Whether samples lie nearer to the rows that a model was trained on than unseen data do.
struct Memorisation {
  double median_to_train;  ///< median distance of a sample to the nearest training row
  double median_to_test;   ///< and to the nearest test row
  double mean_to_train;
  double mean_to_test;
  double median_ratio;  ///< median_to_train / median_to_test; NaN if both are 0
  double mean_ratio;    ///< mean_to_train / mean_to_test
  double copy_share;    ///< share of samples that equal a training row in every feature
  /// Z-score of the Mann-Whitney test of sample-to-train against test-to-train distances: far below
  /// 0 (−5, say), samples are nearer to the training rows than test rows are, which is copying; far
  /// above, they lie off the data. About N(0, 1) for samples of the data's distribution.
  double z_score;
};

/// Distances are Euclidean, to the nearest row. Of more training than test rows the nearest is
/// nearer by number alone: read the ratios with as many of both (draw a subset first); the z-score
/// measures both sides against the same training rows and needs no such care.
/// @param train  [n_train, d], test [n_test, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ; Error(kUsage) on n_threads < 1.
/// Source: Meehan, Chaudhuri, Dasgupta 2020, C_T with a single cell, its variance corrected for
/// ties.
Memorisation memorisation(const FeatureView& train, const FeatureView& test,
                          const FeatureView& samples, int n_threads = 1);

}  // namespace ebm::metrics
