#pragma once

#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

struct FrechetExtrapolationOptions {
  std::int64_t n_points = 15;  ///< subsets, of sizes in even steps up to all samples
  std::int64_t min_size = 0;   ///< of the smallest subset; 0 for a tenth of the samples
  /// Take subsets of the reference of the same sizes too, which also removes the bias that its own
  /// size causes. The paper keeps all of the reference.
  bool shrink_reference = false;
  std::uint64_t seed = 0;
  int n_threads = 1;
};

struct FrechetExtrapolation {
  double at_infinity;               ///< intercept: the distance with infinitely many samples
  double slope;                     ///< bias at n samples is about slope/n
  std::vector<std::int64_t> sizes;  ///< N of every subset
  std::vector<double> distances;    ///< FD_N
  bool is_rank_deficient;           ///< of the smallest subset: the line does not hold there
};

/// FD_∞: the least-squares line FD_N = at_infinity + slope/N through the distances of random
/// subsets of N samples, drawn without replacement. Use it to compare sets of unequal size.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ; Error(kUsage) naming an option, if n_points < 2,
///         min_size is below 2 or leaves too few sizes, or the reference is too small to shrink.
/// Source: Chong & Forsyth 2020, section 4 (with plain random subsets).
FrechetExtrapolation frechet_extrapolation(const FeatureView& reference, const FeatureView& samples,
                                           const FrechetExtrapolationOptions& options = {});

}  // namespace ebm::metrics
