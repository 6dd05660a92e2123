#pragma once

#include <cstdint>

#include "metrics/features.h"

namespace ebm::metrics {

/// Exact W₁ with Euclidean cost between two sets of points of equal weights:
///   min_P Σ P_ij·‖xᵢ − yⱼ‖  over P >= 0 with row sums 1/n and column sums 1/m,
/// by the network simplex method on n·m arcs. For simplex steps without rounding, masses are whole
/// numbers and costs are rounded to 2⁻⁴⁰ of the largest; the plan's cost is then added up
/// unrounded, so that the value is at most that fraction above the minimum. Time grows faster than
/// n²: for large sets use minibatch_wasserstein() or sliced_wasserstein().
/// @param reference  [n, d], samples [m, d], with n·m at most kMaxTransportPairs
/// @throws Error(kShape) if the widths differ or there are more pairs.
/// Source: Kantorovich 1942; the solver is LEMON's NetworkSimplex (Dezső, Jüttner, Kovács 2011).
double wasserstein_exact(const FeatureView& reference, const FeatureView& samples);

/// 4096 by 4096: the graph takes 1.3 GB.
inline constexpr std::int64_t kMaxTransportPairs = std::int64_t{1} << 24;

}  // namespace ebm::metrics
