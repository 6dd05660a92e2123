#pragma once

#include <span>

namespace ebm::metrics {

/// Exact W_p between two sets of numbers, each with equal weights that add up to 1:
///   W_p = (∫₀¹ |F⁻¹(t) − G⁻¹(t)|^p dt)^{1/p},
/// F⁻¹ and G⁻¹ being the steps of the sorted numbers, of any two sizes. For p = 1 it is ∫|F − G|.
/// @param p  1 or more
/// @throws Error(kShape) if a set is empty; Error(kBadData) naming the first number that is not
///         finite; Error(kUsage) on another p.
/// Source: Vallender 1974; Villani 2003, theorem 2.18.
double wasserstein_1d(std::span<const float> a, std::span<const float> b, double p = 1.0);

/// @throws Error(kUsage) unless p is finite and 1 or more.
void require_wasserstein_order(double p);

/// W_p^p of numbers that are sorted and finite; no checks.
double wasserstein_1d_power(std::span<const double> a, std::span<const double> b, double p);

}  // namespace ebm::metrics
