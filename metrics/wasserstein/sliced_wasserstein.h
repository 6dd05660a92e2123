#pragma once

#include <cstdint>

#include "metrics/features.h"

namespace ebm::metrics {

struct SlicedWassersteinOptions {
  std::int64_t n_projections = 128;
  double p = 1.0;
  std::uint64_t seed = 0;
  int n_threads = 1;
};

struct SlicedWasserstein {
  double value;
  /// Standard error of the mean over directions, in W_p^p; NaN of one direction.
  double power_standard_error;
};

/// (mean over random unit directions u of W_p^p(u·x, u·y))^{1/p}, each exact in one dimension; at
/// most W_p. For sets of any size: n·d products and one sort per direction.
/// Directions are normals divided by their norm, addressed by (seed, index): a longer run repeats
/// the shorter one's. The same bits for any n_threads.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ; Error(kUsage) naming an option that is out of range.
/// Source: Rabin, Peyré, Delon, Bernot 2011; Bonneel, Rabin, Peyré, Pfister 2015.
SlicedWasserstein sliced_wasserstein(const FeatureView& reference, const FeatureView& samples,
                                     const SlicedWassersteinOptions& options = {});

}  // namespace ebm::metrics
