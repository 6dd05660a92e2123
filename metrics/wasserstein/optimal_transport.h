#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// ‖xᵢ − yⱼ‖^p, [n, m].
/// @throws Error(kShape) if the widths differ.
std::vector<double> distance_costs(const FeatureView& x, const FeatureView& y, double p = 1.0);

/// The cheapest plan between two sets of equal weights, and the dual solution that proves it.
struct Transport {
  double primal;          ///< min_P Σ P_ij·c_ij over P >= 0 with row sums 1/n and column sums 1/m
  double dual;            ///< max Σ fᵢ/n + Σ gⱼ/m over fᵢ + gⱼ <= c_ij
  std::vector<double> f;  ///< [n], one of the best pairs; it keeps to the bounds without rounding
  std::vector<double> g;  ///< [m]
};

/// Exact, by the network simplex method on n·m arcs: as solve_min_cost_flow(), on costs rounded to
/// 2⁻⁴⁰ of the largest. The plan's cost is added up unrounded, so that `primal` is at most that
/// fraction of the largest cost above the minimum and `dual` as little below it. Time grows faster
/// than n².
/// @param costs  [n, m], 0 or above; n·m at most kMaxTransportPairs
/// @throws Error(kShape) if there are more, none, or the sizes do not agree.
/// Source: Kantorovich 1942.
Transport solve_transport(std::span<const double> costs, std::int64_t n, std::int64_t m);

/// W₁ with Euclidean cost: solve_transport().primal. For large sets use minibatch_wasserstein() or
/// sliced_wasserstein().
/// @param reference  [n, d], samples [m, d], with n·m at most kMaxTransportPairs
/// @throws Error(kShape) if the widths differ or there are more pairs.
double wasserstein_exact(const FeatureView& reference, const FeatureView& samples);

/// The dual with one function instead of two, g = −f, as a critic is one:
///   max_f Σ fᵢ·wᵢ over fᵢ − fⱼ <= c_ij for all pairs of points.
/// Where c is a metric this is the dual (Kantorovich and Rubinstein). Where it is none, as the
/// square of a distance is, it is less: a bound between near points then bounds far ones more than
/// c does.
struct OneFunctionDual {
  double value;
  std::vector<double> f;  ///< [n]
};

/// By the network simplex method on n·(n − 1) arcs: units may be forwarded from where they arrive.
/// @param costs   [n, n], 0 or above
/// @param weights [n] whole numbers of sum 0: units of the first set minus those of the second
/// @param unit    weight of a unit
/// @throws Error(kShape) as solve_transport(), or if the weights do not add up to 0.
OneFunctionDual solve_one_function_dual(std::span<const double> costs,
                                        std::span<const std::int64_t> weights, double unit);

/// 4096 by 4096: the graph takes 1.3 GB.
inline constexpr std::int64_t kMaxTransportPairs = std::int64_t{1} << 24;

}  // namespace ebm::metrics
